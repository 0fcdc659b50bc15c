"""fsspec's own suites for file systems, on Tintype's client."""

import secrets
from collections.abc import Callable, Iterator

import pytest
from fsspec.tests.abstract import (
    AbstractCopyTests,
    AbstractFixtures,
    AbstractGetTests,
    AbstractOpenTests,
    AbstractPipeTests,
    AbstractPutTests,
)

from tests.thirdparty.fsspec_files import TintypeFiles
from tintype.storage.client import StorageClient


class Fixtures(AbstractFixtures):
    @pytest.fixture
    def fs(self, storage_address: str) -> Iterator[TintypeFiles]:
        with StorageClient(storage_address) as client:
            yield TintypeFiles(client)

    @pytest.fixture
    def fs_path(self) -> str:
        return f"fsspec/{secrets.token_hex(8)}"

    @pytest.fixture
    def fs_join(self) -> Callable[..., str]:
        return lambda *parts: "/".join(parts)

    @pytest.fixture
    def supports_empty_directories(self) -> bool:
        return False


class TestCopy(AbstractCopyTests, Fixtures):
    pass


class TestGet(AbstractGetTests, Fixtures):
    pass


class TestPut(AbstractPutTests, Fixtures):
    pass


class TestPipe(AbstractPipeTests, Fixtures):
    pass


class TestOpen(AbstractOpenTests, Fixtures):
    pass
