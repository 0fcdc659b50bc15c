"""What is kept of one resumable upload: a folder with its content and how far it is.

    info.json  key and how the object is to be stored
    content    the bytes so far; in the end the object's file itself
    runs       length and CRC-32C of every chunk in `content`, two 32-bit numbers each
    done.json  the object's info, written before `content` gets its place in the tree
    lock       held by whoever writes

A chunk counts once it is in `runs`, which is written after `content`: a process that
is killed in between leaves bytes that nobody was told of, and they are cut off.
"""

import json
import os
import shutil
import struct
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from storage.drivers.filesystem import durable, footer
from storage.drivers.filesystem.errors import disk_errors
from storage.drivers.filesystem.writer import Content
from storage.errors import UploadNotFound
from storage.store import Chunk, ObjectInfo, PutInfo

_RUN = struct.Struct("<II")


@dataclass
class JournaledContent(Content):
    """Content that outlives its process: every chunk is counted in a file, too.

    Attributes:
        journal: the file, open for writing at its end.
    """

    journal: int = -1

    def append(self, chunk: Chunk) -> None:
        """Write one chunk behind what is there, then count it."""
        super().append(chunk)
        with disk_errors():
            os.write(self.journal, _RUN.pack(len(chunk.content), chunk.crc32c))


class UploadFolder:
    """One upload's folder. Only the holder of `lock` writes to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.upload_id = folder.name
        self.lock = folder / "lock"
        self.content = folder / "content"
        self._info = folder / "info.json"
        self._runs = folder / "runs"
        self._done = folder / "done.json"

    def create(self, key: str, info: PutInfo) -> None:
        """Make the folder, durably. `info.json` comes last: without it, it is no upload."""
        self.folder.mkdir()
        for path in (self.lock, self.content, self._runs):
            path.touch(0o600)
        fields = asdict(info)
        del fields["sha256"]
        _write_synced(self._info, json.dumps([key, fields]).encode())
        durable.sync_folder(self.folder)
        durable.sync_folder(self.folder.parent)

    def info(self) -> tuple[str, PutInfo]:
        """Return key and how the object is to be stored.

        Raises:
            UploadNotFound: there is no such upload.
        """
        try:
            key, fields = json.loads(self._info.read_bytes())
        except FileNotFoundError as error:
            raise UploadNotFound(self.upload_id) from error
        return key, PutInfo(**fields)

    def finished(self) -> ObjectInfo | None:
        """Return the object that the upload became; None while it is open."""
        # Content leaves the folder in the one rename that gives it its place in the tree.
        if self.content.exists() or not self._done.exists():
            return None
        return footer.decode_info(self._done.read_bytes())

    def progress(self) -> Content:
        """Return how far the upload is, once the disk has it. The descriptor is not open.

        Raises:
            UploadNotFound: it was finished at this moment, or is half removed.
        """
        with self._half_removed(), self.content.open("rb") as file, self._runs.open("rb") as runs:
            content = _counted(file, runs)
            os.fsync(file.fileno())
            os.fsync(runs.fileno())
        return content

    @contextmanager
    def appending(self) -> Iterator[JournaledContent]:
        """Open the upload for more chunks; what was never counted is cut off.

        Raises:
            UploadNotFound: its removal was begun, by a process that was killed.
        """
        with ExitStack() as files:
            with disk_errors(), self._half_removed():
                file = files.enter_context(self.content.open("r+b"))
                runs = files.enter_context(self._runs.open("r+b"))
                counted = _counted(file, runs)
                file.truncate(counted.size_bytes)
                runs.truncate(runs.tell())
            yield JournaledContent(**vars(counted), journal=runs.fileno())

    def note_done(self, info: ObjectInfo) -> None:
        """Remember what the upload is about to become."""
        _write_synced(self._done, footer.encode_info(info))
        durable.sync_folder(self.folder)

    def note_open(self) -> None:
        """Forget it again: the object's condition did not hold."""
        self._done.unlink(missing_ok=True)

    def forget_runs(self) -> None:
        """Remove what a finished upload no longer needs."""
        self._runs.unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove all of it. `info.json` goes first: killed on the way, it is no upload."""
        self._info.unlink(missing_ok=True)
        durable.sync_folder(self.folder)
        shutil.rmtree(self.folder)

    @contextmanager
    def _half_removed(self) -> Iterator[None]:
        """Say that there is no such upload when the block misses one of its files."""
        try:
            yield
        except FileNotFoundError as error:
            raise UploadNotFound(self.upload_id) from error

    def touched_s(self) -> float:
        """Return when anything in the folder last changed, in seconds since 1970."""
        return max(path.stat().st_mtime for path in (self.folder, *self.folder.iterdir()))


def _counted(file: BinaryIO, runs: BinaryIO) -> Content:
    """Return the content that is counted in `runs`, which is left at the end of that."""
    content = Content(file.fileno())
    file_bytes = os.fstat(file.fileno()).st_size
    while len(entry := runs.read(_RUN.size)) == _RUN.size:
        length, checksum = _RUN.unpack(entry)
        if content.size_bytes + length > file_bytes:  # a power cut took the content
            break
        content.note(length, checksum)
    runs.seek(content.chunks * _RUN.size)
    return content


def _write_synced(path: Path, text: bytes) -> None:
    """Write a small file whole, or not at all, durably but for its name."""
    staged = path.with_suffix(".new")
    with staged.open("wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    staged.replace(path)
