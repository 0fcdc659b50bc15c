"""Tintype's client as a file system of fsspec: a folder is what keys have in common."""

from typing import Any, Self

from fsspec.spec import AbstractBufferedFile, AbstractFileSystem

from tintype.errors import AlreadyExists
from tintype.storage.client import StorageClient
from tintype.storage.v1 import storage_pb2 as pb


class TintypeFiles(AbstractFileSystem):
    """Objects of a storage service as files."""

    cachable = False

    def __init__(self, client: StorageClient) -> None:
        super().__init__()
        self.client = client

    def ls(self, path: str, detail: bool = True, **_: Any) -> list[Any]:  # noqa: FBT001, FBT002
        path = self._strip_protocol(path)
        found = [_entry(info) for info in self.client.list(f"{path}/" if path else "", "/")]
        if not found:
            info = self.client.head_or_none(path) if path else None
            if info is None:
                raise FileNotFoundError(path)
            found = [_entry(info)]
        return found if detail else [entry["name"] for entry in found]

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        path = self._strip_protocol(path)
        if path and (info := self.client.head_or_none(path)) is not None:
            return _entry(info)
        page = self.client.list_page(f"{path}/" if path else "", page_size=1)
        if path and not page.objects:
            raise FileNotFoundError(path)
        return {"name": path, "size": 0, "type": "directory"}

    def cat_file(
        self, path: str, start: int | None = None, end: int | None = None, **_: Any
    ) -> bytes:
        path = self._strip_protocol(path)
        info = self.client.head_or_none(path)
        if info is None:
            raise FileNotFoundError(path)
        first, last, _step = slice(start, end).indices(info.size_bytes)
        if last <= first:
            return b""
        with self.client.get(path, offset=first, length_bytes=last - first) as reader:
            return reader.read()

    def pipe_file(self, path: str, value: bytes, mode: str = "overwrite", **_: Any) -> None:
        path = self._strip_protocol(path)
        try:
            self.client.put(path, [value], create_only=mode == "create")
        except AlreadyExists as error:
            raise FileExistsError(path) from error

    def cp_file(self, path1: str, path2: str, **_: Any) -> None:
        path1, path2 = self._strip_protocol(path1), self._strip_protocol(path2)
        if not self.isdir(path1):
            self.client.copy(path1, path2)

    def _rm(self, path: str) -> None:
        path = self._strip_protocol(path)
        # A folder is gone with the last object below it.
        if self.client.head_or_none(path) is None and not self.isdir(path):
            return
        self.client.delete(path)

    def _open(self, path: str, mode: str = "rb", **options: Any) -> "TintypeFile":
        if "x" in mode and self.exists(path):
            raise FileExistsError(path)
        return TintypeFile(self, path, mode, **options)


class TintypeFile(AbstractBufferedFile):
    """One object, read by ranges, or written when it is closed."""

    def _fetch_range(self, start: int, end: int) -> bytes:
        files: TintypeFiles = self.fs
        return files.cat_file(self.path, start, end)

    def _upload_chunk(self, final: bool = False) -> bool:  # noqa: FBT001, FBT002
        if final:
            mode = "create" if "x" in self.mode else "overwrite"
            self.fs.pipe_file(self.path, self.buffer.getvalue(), mode=mode)
        # Until then fsspec is to keep what it has.
        return final

    def __enter__(self) -> Self:
        return self


def _entry(info: pb.ObjectInfo) -> dict[str, Any]:
    """Say an object, or a common prefix, as fsspec does."""
    if info.key.endswith("/"):
        return {"name": info.key.rstrip("/"), "size": 0, "type": "directory"}
    return {"name": info.key, "size": info.size_bytes, "type": "file"}
