"""Objects as files: one file per object, whole or not at all."""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from storage.drivers.filesystem import durable, footer
from storage.drivers.filesystem.errors import disk_errors
from storage.drivers.filesystem.listing import Entry, walk
from storage.drivers.filesystem.locks import key_lock, try_lock
from storage.drivers.filesystem.names import path_of
from storage.drivers.filesystem.reader import FileReader
from storage.drivers.filesystem.writer import Content
from storage.drivers.stopping import stoppable
from storage.errors import (
    DataCorrupted,
    EtagMismatch,
    ObjectExists,
    ObjectNotFound,
)
from storage.keys import check_key, random_base62
from storage.ranges import resolve
from storage.store import MAX_LIST_LIMIT, Chunk, ObjectInfo, Page, PutInfo, always


class ObjectFiles:
    """Keeps objects as files under a folder.

    Safe to share between threads, and the folder between processes of one machine.

        objects/  the tree of objects, as their keys are (names.py)
        staging/  files that are being written
        locks/    who may change a key right now

    A put writes to staging/, syncs, and renames into objects/: content and metadata
    become visible at once, and what is visible is on the disk.
    """

    def __init__(self, root: Path) -> None:
        self._objects = root / "objects"
        self._staging = root / "staging"
        self._locks = root / "locks"
        with disk_errors():
            for folder in (self._objects, self._staging, self._locks):
                durable.make_folder(folder)

    def put(self, key: str, chunks: Iterable[Chunk], info: PutInfo) -> ObjectInfo:
        """Store the chunks as one object."""
        check_key(key)
        with self._staged() as (path, content):
            content.append_all(chunks)
            expected = info.sha256()
            content.check_sha256(expected)
            stored = make_info(key, content, info, expected)
            content.seal(footer.encode(stored, content.runs))
            self.publish(path, stored, info)
        return stored

    def get(self, key: str, offset: int = 0, length_bytes: int | None = None) -> FileReader:
        """Open an object for reading."""
        descriptor = self._open(key)
        try:
            with disk_errors():
                found = footer.read(descriptor, key)
            start, length = resolve(found.info.size_bytes, offset, length_bytes)
            return FileReader(descriptor, found, start, length)
        except BaseException:
            os.close(descriptor)
            raise

    def head(self, key: str) -> ObjectInfo:
        """Return what is known about an object."""
        with self.get(key) as reader:
            return reader.info

    def delete(self, key: str, if_etag: str = "") -> None:
        """Remove an object."""
        check_key(key)
        with disk_errors(), key_lock(self._locks, key):
            if if_etag:
                self._check_etag(key, if_etag)
            try:
                durable.remove(path_of(self._objects, key), self._objects)
            except (FileNotFoundError, NotADirectoryError):
                return

    def list(
        self, prefix: str = "", delimiter: str = "", token: str = "", limit: int = MAX_LIST_LIMIT
    ) -> Page:
        """Return one page of the objects whose keys start with `prefix`."""
        objects: list[ObjectInfo] = []
        prefixes: list[str] = []
        last = ""
        with disk_errors():
            for entry in walk(self._objects, prefix, delimiter, token):
                if len(objects) + len(prefixes) == limit:
                    return Page(objects, prefixes, last)
                if entry.key.endswith("/"):
                    prefixes.append(entry.key)
                elif (info := _listed(entry)) is not None:
                    objects.append(info)
                last = entry.key
        return Page(objects, prefixes)

    def copy(
        self,
        source_key: str,
        target_key: str,
        info: PutInfo,
        if_source_etag: str = "",
        go_on: Callable[[], None] = always,
    ) -> ObjectInfo:
        """Copy an object, every byte checked on its way."""
        check_key(target_key)
        with self.get(source_key) as reader:
            source = reader.info
            if if_source_etag and source.etag != if_source_etag:
                raise EtagMismatch(source_key, if_source_etag, source.etag)
            kept = replace(
                info,
                content_type=source.content_type,
                cache_control=source.cache_control,
                content_disposition=source.content_disposition,
                user_metadata=source.user_metadata,
                sha256=lambda: source.sha256,
            )
            return self.put(target_key, stoppable(reader, go_on), kept)

    def check(self) -> None:
        """Write, sync and remove a small file."""
        with self._staged() as (_, content):
            content.seal(b"check")

    def close(self) -> None:
        """Nothing is held open between calls."""

    def sweep_staging(self) -> int:
        """Remove staging files whose writer is no more; return how many."""
        removed = 0
        with disk_errors():
            for path in self._staging.iterdir():
                with try_lock(path) as held:
                    if held:
                        path.unlink()
                        removed += 1
        return removed

    def publish(self, path: Path, stored: ObjectInfo, conditions: PutInfo) -> None:
        """Give a sealed file its place in the tree, if the conditions hold."""
        target = path_of(self._objects, stored.key)
        with disk_errors(), key_lock(self._locks, stored.key):
            if conditions.if_etag:
                self._check_etag(stored.key, conditions.if_etag)
            # A rename, whatever the condition: unlike a link it leaves no second name,
            # which tells nothing any more once the object is replaced.
            if conditions.create_only and target.exists():
                raise ObjectExists(stored.key)
            durable.place(path, target)

    @contextmanager
    def _staged(self) -> Iterator[tuple[Path, Content]]:
        """Open a new file in staging; whatever of it is still there at the end is removed."""
        with disk_errors():
            path, descriptor = self._new_file()
        try:
            yield path, Content(descriptor)
        finally:
            path.unlink(missing_ok=True)
            os.close(descriptor)

    def _new_file(self) -> tuple[Path, int]:
        """Make a file in staging and lock it, so that no sweep takes it for a leftover."""
        while True:
            path = self._staging / random_base62()
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_nlink:
                return path, descriptor
            os.close(descriptor)  # swept before it was locked

    def _open(self, key: str) -> int:
        """Open an object's file for reading."""
        check_key(key)
        try:
            with disk_errors():
                return os.open(path_of(self._objects, key), os.O_RDONLY)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise ObjectNotFound(key) from error

    def _check_etag(self, key: str, wanted: str) -> None:
        """Compare the etag of what is at the key."""
        found = self.head(key).etag
        if found != wanted:
            raise EtagMismatch(key, wanted, found)


def make_info(key: str, content: Content, info: PutInfo, sha256: bytes) -> ObjectInfo:
    """Say what an object will be, visible from now."""
    return ObjectInfo(
        key=key,
        size_bytes=content.size_bytes,
        # Random, not of the content: a CRC-32C is easily met by other bytes.
        etag=secrets.token_hex(16),
        modify_time=datetime.now(UTC),
        content_type=info.content_type,
        cache_control=info.cache_control,
        content_disposition=info.content_disposition,
        user_metadata=dict(info.user_metadata),
        crc32c=content.crc32c,
        sha256=sha256,
    )


def _listed(entry: Entry) -> ObjectInfo | None:
    """Read what a listing says about one file; None if it is gone by now."""
    try:
        descriptor = os.open(entry.path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        return footer.read(descriptor, entry.key).info
    except DataCorrupted:
        # A listing must show what is damaged: reading or removing it goes by its key.
        status = os.fstat(descriptor)
        modified = datetime.fromtimestamp(status.st_mtime, UTC)
        return ObjectInfo(entry.key, status.st_size, "damaged", modified)
    finally:
        os.close(descriptor)
