"""A full disk, a read-only disk and a folder that may not be used: the real things."""

import errno
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.checksums import chunks_of
from storage.conformance.tools import MIB, content_of, put, read
from storage.drivers.filesystem import FilesystemStore
from storage.drivers.filesystem.errors import disk_errors
from storage.drivers.parts import cut
from storage.errors import AccessDenied, ObjectNotFound, StoreFull, StoreReadOnly, StoreUnavailable
from storage.store import Chunk, PutInfo


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MiB of its own."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
    )
    if mounted.returncode:
        pytest.skip(f"needs a disk of its own, and mounting is not allowed: {mounted.stderr}")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


def _remount(disk: Path, mode: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{mode}", str(disk)], check=True)


def test_a_full_disk_is_said_and_nothing_is_stored(disk: Path) -> None:
    store = FilesystemStore(disk)
    put(store, "small", b"kept")
    for _ in range(3):
        with pytest.raises(StoreFull):
            put(store, "large", content_of(9 * MIB))
    with pytest.raises(ObjectNotFound):
        store.head("large")
    assert read(store, "small") == b"kept"
    # What did not fit is gone, so that there is room again.
    put(store, "fits", content_of(6 * MIB))
    assert read(store, "fits") == content_of(6 * MIB)
    store.check()


def test_a_full_disk_keeps_an_upload_open(disk: Path) -> None:
    store = FilesystemStore(disk)
    put(store, "ballast", content_of(4 * MIB))
    upload_id = store.start_upload("large", PutInfo())
    with pytest.raises(StoreFull):
        store.continue_upload(upload_id, 0, _chunks(6 * MIB))
    kept = store.query_upload(upload_id).persisted_bytes
    assert 0 < kept <= 4 * MIB
    store.delete("ballast")
    store.continue_upload(upload_id, kept, _chunks(6 * MIB, kept))
    assert read(store, "large") == content_of(6 * MIB)


def test_a_read_only_disk_reads_and_says_why_it_does_not_write(disk: Path) -> None:
    store = FilesystemStore(disk)
    info = put(store, "object", b"kept")
    upload_id = store.start_upload("upload", PutInfo())
    _remount(disk, "ro")
    try:
        assert read(store, "object") == b"kept"
        assert [found.key for found in store.list().objects] == ["object"]
        for write in (
            lambda: put(store, "new", b""),
            lambda: put(store, "object", b"", if_etag=info.etag),
            lambda: store.delete("object"),
            lambda: store.copy("object", "copy", PutInfo()),
            lambda: store.start_upload("other", PutInfo()),
            lambda: store.continue_upload(upload_id, 0, _chunks(10)),
            store.check,
        ):
            with pytest.raises(StoreReadOnly):
                write()
    finally:
        _remount(disk, "rw")
    put(store, "new", b"")


def test_a_part_that_the_disk_for_temporary_files_cannot_hold_is_said(
    disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is written to it."""
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    too_large = ((1, 65 * MIB),)
    with pytest.raises(StoreFull, match=str(disk)):
        next(cut(chunks_of([b"x"]), too_large))
    assert list(disk.iterdir()) == []


def test_a_folder_that_may_not_be_used_is_said(tmp_path: Path) -> None:
    if os.getuid():
        pytest.skip("only root can start a process as somebody else")
    tmp_path.chmod(0o700)
    script = (
        "import os, sys; from pathlib import Path\n"
        "from storage.drivers.filesystem import FilesystemStore\n"
        "from storage.errors import AccessDenied\n"
        "os.setuid(65534)\n"
        "try: FilesystemStore(Path(sys.argv[1]))\n"
        "except AccessDenied as error: print(error)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "data")],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "may not use its folder" in said


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, StoreFull),
        (errno.EDQUOT, StoreFull),
        (errno.EROFS, StoreReadOnly),
        (errno.EACCES, AccessDenied),
        (errno.EIO, StoreUnavailable),
    ],
)
def test_every_refusal_of_a_disk_has_its_word(number: int, kind: type[Exception]) -> None:
    with pytest.raises(kind), disk_errors():
        raise OSError(number, os.strerror(number))


def test_other_errors_of_the_system_are_defects_and_stay_as_they_are() -> None:
    with pytest.raises(IsADirectoryError), disk_errors():
        raise IsADirectoryError(21, "Is a directory")


def _chunks(size_bytes: int, start: int = 0) -> Iterator[Chunk]:
    content = content_of(size_bytes)[start:]
    return chunks_of(content[at : at + MIB] for at in range(0, len(content), MIB))
