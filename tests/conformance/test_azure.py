"""The Azure driver keeps the contract, over Azurite."""

from collections.abc import Iterator

import pytest

from storage.conformance import ObjectStoreSuite, UploadStoreSuite
from storage.drivers.azure import AzureOptions, AzureStore
from tests.backends.limits import AZURITE_TIMEOUT, AzuriteLimits
from tests.backends.servers import AZURITE_ACCOUNT, AZURITE_KEY, Server, skip_unless_full_run


# Azurite takes a minute and more for ten thousand objects.
@pytest.mark.timeout(600)
@pytest.mark.backend
class TestAzure(AzuriteLimits, ObjectStoreSuite, UploadStoreSuite):
    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, azurite: Server) -> Iterator[AzureStore]:
        endpoint = f"{azurite.url}/{AZURITE_ACCOUNT}"
        options = AzureOptions(
            AZURITE_ACCOUNT,
            AZURITE_KEY,
            "conformance",
            endpoint,
            timeout_s=AZURITE_TIMEOUT.total_seconds(),
        )
        store = AzureStore(options)
        yield store
        store.close()

    @staticmethod
    def fill(store: AzureStore, keys: list[str]) -> None:
        """Ten thousand only when there is time."""
        skip_unless_full_run()
        ObjectStoreSuite.fill(store, keys)
