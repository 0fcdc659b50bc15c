"""A real storage service for suites that others wrote."""

from collections.abc import Iterator

import pytest

from services.storage.build import build
from services.storage.settings import StorageSettings
from services.storage.stores import open_stores


@pytest.fixture(scope="session")
def storage_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a storage service over a folder of its own."""
    settings = StorageSettings(listen="127.0.0.1:0", data_dir=tmp_path_factory.mktemp("data"))
    server = build(settings, open_stores(settings)).server
    server.start()
    yield server.address
    server.drain(0)
