"""The filesystem driver keeps the contract."""

import pytest

from storage.conformance import ObjectStoreSuite, UploadStoreSuite
from storage.drivers.filesystem import FilesystemStore


class TestFilesystem(ObjectStoreSuite, UploadStoreSuite):
    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, tmp_path_factory: pytest.TempPathFactory) -> FilesystemStore:
        return FilesystemStore(tmp_path_factory.mktemp("store"))
