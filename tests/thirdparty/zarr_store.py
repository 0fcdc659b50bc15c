"""Tintype's client as a store of zarr."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any

from zarr.abc.store import (
    ByteRequest,
    OffsetByteRequest,
    RangeByteRequest,
    Store,
    SuffixByteRequest,
)
from zarr.core.buffer import Buffer, BufferPrototype, default_buffer_prototype

from tintype.errors import AlreadyExists, OutOfRange
from tintype.storage.client import StorageClient


class TintypeStore(Store):
    """Keeps zarr's chunks as objects under a prefix of a storage service."""

    supports_writes = True
    supports_deletes = True
    supports_listing = True

    def __init__(self, address: str, prefix: str, *, read_only: bool = False) -> None:
        super().__init__(read_only=read_only)
        self._address = address
        self.prefix = prefix
        self._client = StorageClient(address)

    def with_read_only(self, read_only: bool = False) -> "TintypeStore":  # noqa: FBT001, FBT002
        return TintypeStore(self._address, self.prefix, read_only=read_only)

    def close(self) -> None:
        super().close()
        self._client.close()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TintypeStore) and vars(self) | {"_client": 0, "_is_open": 0} == (
            vars(other) | {"_client": 0, "_is_open": 0}
        )

    __hash__ = Store.__hash__

    def __repr__(self) -> str:
        return f"TintypeStore({self._address!r}, {self.prefix!r})"

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_client"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, _client=StorageClient(state["_address"]))

    async def get(
        self, key: str, prototype: BufferPrototype, byte_range: ByteRequest | None = None
    ) -> Buffer | None:
        await self._ensure_open()
        content = await asyncio.to_thread(self._read, key, byte_range)
        return None if content is None else prototype.buffer.from_bytes(content)

    def get_sync(
        self,
        key: str,
        *,
        prototype: BufferPrototype | None = None,
        byte_range: ByteRequest | None = None,
    ) -> Buffer | None:
        content = self._read(key, byte_range)
        buffers = default_buffer_prototype() if prototype is None else prototype
        return None if content is None else buffers.buffer.from_bytes(content)

    def set_sync(self, key: str, value: Buffer) -> None:
        self._check_writable()
        self._client.put(self._key(key), [value.to_bytes()])

    def delete_sync(self, key: str) -> None:
        self._check_writable()
        self._client.delete(self._key(key))

    async def get_partial_values(
        self,
        prototype: BufferPrototype,
        key_ranges: Iterable[tuple[str, ByteRequest | None]],
    ) -> list[Buffer | None]:
        return [await self.get(key, prototype, byte_range) for key, byte_range in key_ranges]

    async def exists(self, key: str) -> bool:
        await self._ensure_open()
        found = await asyncio.to_thread(self._client.head_or_none, self._key(key))
        return found is not None

    async def set(self, key: str, value: Buffer) -> None:
        await self._put(key, value, create_only=False)

    async def set_if_not_exists(self, key: str, value: Buffer) -> None:
        try:
            await self._put(key, value, create_only=True)
        except AlreadyExists:
            return

    async def delete(self, key: str) -> None:
        await self._ensure_open()
        self._check_writable()
        await asyncio.to_thread(self._client.delete, self._key(key))

    async def list(self) -> AsyncIterator[str]:
        async for key in self.list_prefix(""):
            yield key

    async def list_prefix(self, prefix: str) -> AsyncIterator[str]:
        await self._ensure_open()
        for info in await asyncio.to_thread(lambda: [*self._client.list(self._key(prefix))]):
            yield info.key.removeprefix(self.prefix)

    async def list_dir(self, prefix: str) -> AsyncIterator[str]:
        await self._ensure_open()
        folder = self._key(prefix.rstrip("/") + "/" if prefix.rstrip("/") else "")
        for info in await asyncio.to_thread(lambda: [*self._client.list(folder, "/")]):
            yield info.key.removeprefix(folder).rstrip("/")

    def _read(self, key: str, byte_range: ByteRequest | None) -> bytes | None:
        offset, length = 0, 0
        match byte_range:
            case RangeByteRequest(start, end):
                if end <= start:
                    return b""
                offset, length = start, end - start
            case OffsetByteRequest(offset):
                pass
            case SuffixByteRequest(suffix):
                offset = -suffix
            case None:
                pass
            case _:
                raise TypeError(f"Unexpected byte_range, got {byte_range!r}")
        try:
            reader = self._client.get_or_none(self._key(key), offset=offset, length_bytes=length)
        except OutOfRange:
            return b""
        if reader is None:
            return None
        with reader:
            return reader.read()

    async def _put(self, key: str, value: Buffer, *, create_only: bool) -> None:
        await self._ensure_open()
        self._check_writable()
        if not isinstance(value, Buffer):
            raise TypeError(f"a store keeps buffers, not {type(value)}")
        await asyncio.to_thread(
            self._client.put, self._key(key), [value.to_bytes()], create_only=create_only
        )

    def _key(self, key: str) -> str:
        return self.prefix + key
