"""The client, a real server and the filesystem driver together keep the contract."""

from collections.abc import Iterator

import pytest

from services.storage.build import build
from services.storage.settings import StorageSettings
from services.storage.stores import open_stores
from storage.conformance import ObjectStoreSuite, UploadStoreSuite
from tests.conformance.remote import RemoteStore, WatchedStore
from tintype.storage.client import StorageClient


class TestRemote(ObjectStoreSuite, UploadStoreSuite):
    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteStore]:
        settings = StorageSettings(listen="127.0.0.1:0", data_dir=tmp_path_factory.mktemp("data"))
        stores = open_stores(settings)
        watched = WatchedStore(stores.store)
        server = build(settings, stores._replace(store=watched)).server
        server.start()
        with StorageClient(server.address) as client:
            yield RemoteStore(client, watched)
        server.drain(0)

    @staticmethod
    def fill(store: RemoteStore, keys: list[str]) -> None:
        """It is the listing that is to go through the service, not ten thousand puts."""
        ObjectStoreSuite.fill(store.behind, keys)
