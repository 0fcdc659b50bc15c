"""The Azure driver keeps the contract, over Azurite."""

from collections.abc import Iterator

import pytest

from storage.conformance import ObjectStoreSuite, UploadStoreSuite
from storage.drivers.azure import AzureOptions, AzureStore
from tests.backends.servers import AZURITE_ACCOUNT, AZURITE_KEY, Server


@pytest.mark.backend
class TestAzure(ObjectStoreSuite, UploadStoreSuite):
    # Azurite sorts as JavaScript does.
    lists_in_utf16_order = True

    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, azurite: Server) -> Iterator[AzureStore]:
        endpoint = f"{azurite.url}/{AZURITE_ACCOUNT}"
        options = AzureOptions(AZURITE_ACCOUNT, AZURITE_KEY, "conformance", endpoint)
        store = AzureStore(options)
        yield store
        store.close()
