"""The client, a real server and a driver together keep the contract."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.storage.build import build
from services.storage.settings import StorageSettings
from services.storage.stores import Stores, open_stores
from storage.conformance import ObjectStoreSuite, UploadStoreSuite
from storage.drivers.memory import MemoryStore
from tests.backends.limits import AZURITE_TIMEOUT, AzuriteLimits, MinioLimits
from tests.backends.servers import (
    ACCESS_KEY,
    AZURITE_ACCOUNT,
    AZURITE_KEY,
    SECRET_KEY,
    Server,
    skip_unless_full_run,
)
from tests.conformance.remote import RemoteStore, WatchedStore
from tintype.storage.client import StorageClient


def served(settings: StorageSettings, stores: Stores | None = None) -> Iterator[RemoteStore]:
    """Serve a store, the one that the settings choose by default, and yield a client of it."""
    stores = stores or open_stores(settings)
    watched = WatchedStore(stores.store)
    server = build(settings, stores._replace(store=watched)).server
    server.start()
    with StorageClient(server.address) as client:
        yield RemoteStore(client, watched)
    server.drain(0)
    stores.store.close()


class RemoteObjects(ObjectStoreSuite):
    @staticmethod
    def fill(store: RemoteStore, keys: list[str]) -> None:
        """It is the listing that is to go through the service, not ten thousand puts."""
        ObjectStoreSuite.fill(store.behind, keys)


class Remote(RemoteObjects, UploadStoreSuite):
    """For the drivers that have uploads."""


class TestRemoteMemory(RemoteObjects):
    @pytest.fixture(scope="class")
    @classmethod
    def store(cls) -> Iterator[RemoteStore]:
        memory: Any = MemoryStore()
        yield from served(StorageSettings(listen="127.0.0.1:0"), Stores(memory, memory))


class TestRemote(Remote):
    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteStore]:
        data_dir = tmp_path_factory.mktemp("data")
        yield from served(StorageSettings(listen="127.0.0.1:0", data_dir=data_dir))


@pytest.mark.backend
class TestRemoteS3(MinioLimits, Remote):
    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, request: pytest.FixtureRequest) -> Iterator[RemoteStore]:
        skip_unless_full_run()
        minio: Server = request.getfixturevalue("minio")
        settings = StorageSettings(
            listen="127.0.0.1:0",
            s3_endpoint=minio.url,
            s3_access_key=ACCESS_KEY,
            s3_secret_key=SECRET_KEY,
            s3_bucket="remote",
        )
        yield from served(settings)


@pytest.mark.timeout(600)
@pytest.mark.backend
class TestRemoteAzure(AzuriteLimits, Remote):
    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, request: pytest.FixtureRequest) -> Iterator[RemoteStore]:
        skip_unless_full_run()
        azurite: Server = request.getfixturevalue("azurite")
        settings = StorageSettings(
            listen="127.0.0.1:0",
            azure_account=AZURITE_ACCOUNT,
            azure_key=AZURITE_KEY,
            azure_endpoint=f"{azurite.url}/{AZURITE_ACCOUNT}",
            azure_container="remote",
            store_timeout=AZURITE_TIMEOUT,
        )
        yield from served(settings)
