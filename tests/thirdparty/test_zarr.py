"""zarr's own suite for stores, on Tintype's client."""

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from zarr.core.buffer import Buffer, cpu
from zarr.testing.store import StoreTests

from tests.thirdparty.zarr_store import TintypeStore
from tintype.storage.client import StorageClient


@pytest.mark.anyio
class TestZarr(StoreTests[TintypeStore, cpu.Buffer]):
    store_cls = TintypeStore
    buffer_cls = cpu.Buffer

    @pytest.fixture(autouse=True)
    def anyio_backend(self) -> str:
        return "asyncio"

    @pytest.fixture(autouse=True)
    def client(self, storage_address: str) -> Iterator[StorageClient]:
        """Return the way around the store that the suite asks for."""
        with StorageClient(storage_address) as self.direct:
            yield self.direct

    @pytest.fixture
    def store_kwargs(self, storage_address: str) -> dict[str, Any]:
        return {"address": storage_address, "prefix": f"zarr/{secrets.token_hex(8)}/"}

    async def set(self, store: TintypeStore, key: str, value: Buffer) -> None:
        self.direct.put_bytes(store.prefix + key, value.to_bytes())

    async def get(self, store: TintypeStore, key: str) -> Buffer:
        return self.buffer_cls.from_bytes(self.direct.get_bytes(store.prefix + key))

    def test_store_repr(self, store: TintypeStore) -> None:
        assert store.prefix in str(store)

    def test_store_supports_writes(self, store: TintypeStore) -> None:
        assert store.supports_writes

    def test_store_supports_listing(self, store: TintypeStore) -> None:
        assert store.supports_listing
