"""Of two writers in one process at most one is at an upload."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from threading import Barrier, Lock
from typing import Any

import pytest

from storage.checksums import chunks_of
from storage.drivers.busy import Busy
from storage.drivers.parts import MIB
from storage.drivers.resumable import ResumableUploads
from storage.errors import ObjectNotFound, UploadConflict, UploadNotFound
from storage.store import no_sha256


def test_one_holds_and_the_others_leave_its_mark_alone() -> None:
    busy = Busy()
    with busy.hold("a"), busy.hold("b"):
        for _ in range(2):
            with pytest.raises(UploadConflict), busy.hold("a"):
                pass
        assert "a" in busy
    assert "a" not in busy
    with busy.hold("a"):
        pass


def test_of_many_at_once_one_gets_it() -> None:
    busy, start, count = Busy(), Barrier(8), Lock()

    def writer(_: int) -> int:
        won = 0
        for _ in range(200):
            start.wait(10)
            with suppress(UploadConflict), busy.hold("a"):
                assert count.acquire(blocking=False)
                won += 1
                count.release()
        return won

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(writer, range(8))) >= 200


class SecondWriterArea:
    """A staging area where another writer comes while the first asks for the state."""

    schedule = ((1, MIB),)

    def __init__(self) -> None:
        self.busy = Busy()
        self.second: Any = None

    def busy_with(self, upload_id: str) -> AbstractContextManager[None]:
        return self.busy.hold(upload_id)

    def read_state(self, upload_id: str) -> tuple[bytes, str]:
        for _ in range(2):
            with pytest.raises(UploadConflict):
                self.second(upload_id)
        assert upload_id in self.busy
        raise ObjectNotFound(upload_id)


def test_an_upload_is_held_from_the_first_look_at_it() -> None:
    area: Any = SecondWriterArea()
    uploads = ResumableUploads(area)

    def append(upload_id: str) -> object:
        return uploads.append(upload_id, 0, chunks_of([b"x"]), no_sha256)

    for area.second in (append, uploads.abort):
        with pytest.raises(UploadNotFound):
            append("upload")
        uploads.abort("upload")
