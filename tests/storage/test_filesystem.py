"""What the filesystem driver promises beyond the seam."""

import multiprocessing
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from storage.checksums import chunks_of
from storage.conformance.tools import MIB, content_of, put, read
from storage.drivers.filesystem import FilesystemStore, durable
from storage.errors import DataCorrupted, ObjectExists, ObjectNotFound, UploadNotFound
from storage.store import Chunk, PutInfo

KEY = "a/photo.jpg"


@pytest.fixture
def store(tmp_path: Path) -> FilesystemStore:
    return FilesystemStore(tmp_path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "objects" / "a" / "photo.jpg"


def test_content_begins_at_the_first_byte_of_a_readable_tree(
    store: FilesystemStore, path: Path
) -> None:
    content = content_of(3 * MIB)
    put(store, KEY, content)
    assert path.read_bytes()[: len(content)] == content


def test_everything_survives_a_restart(store: FilesystemStore, tmp_path: Path) -> None:
    info = put(store, KEY, b"hello", content_type="image/jpeg", user_metadata={"ü": "ß"})
    again = FilesystemStore(tmp_path)
    assert again.head(KEY) == info
    assert read(again, KEY) == b"hello"


def test_a_flipped_byte_anywhere_is_corruption_and_never_content(
    store: FilesystemStore, path: Path
) -> None:
    content = b"precious bytes"
    put(store, KEY, content, user_metadata={"a": "b"})
    good = path.read_bytes()
    for position in range(len(good)):
        path.write_bytes(good[:position] + bytes([good[position] ^ 4]) + good[position + 1 :])
        with pytest.raises(DataCorrupted):
            read(store, KEY)
    path.write_bytes(good)
    assert read(store, KEY) == content


def test_a_file_of_another_length_is_corruption(store: FilesystemStore, path: Path) -> None:
    put(store, KEY, b"precious bytes")
    good = path.read_bytes()
    for damaged in (b"", good[:-1], good[:20], good[1:], good + b"x", b"x" + good, good * 2):
        path.write_bytes(damaged)
        with pytest.raises(DataCorrupted):
            read(store, KEY)
        with pytest.raises(DataCorrupted):
            store.head(KEY)


def test_damage_is_found_by_the_range_that_touches_it_and_by_no_other(
    store: FilesystemStore, path: Path
) -> None:
    put(store, KEY, content_of(5 * MIB))
    with path.open("r+b") as file:
        file.seek(2 * MIB + 17)
        file.write(b"\xff\x00")
    with store.get(KEY) as reader:
        chunks = iter(reader)
        assert len(next(chunks).content) + len(next(chunks).content) == 2 * MIB
        with pytest.raises(DataCorrupted, match="between bytes 2097152 and 3145728"):
            next(chunks)
    # Even where the damage is in the same checked run but outside the range.
    with pytest.raises(DataCorrupted):
        read(store, KEY, 2 * MIB, 1)
    assert read(store, KEY, 3 * MIB) == content_of(5 * MIB)[3 * MIB :]


def test_what_is_damaged_is_listed_and_can_be_removed_and_replaced(
    store: FilesystemStore, path: Path
) -> None:
    put(store, KEY, b"one")
    path.write_bytes(b"put here by hand")
    assert [info.key for info in store.list().objects] == [KEY]
    put(store, KEY, b"two")
    assert read(store, KEY) == b"two"
    path.write_bytes(b"again")
    store.delete(KEY)
    with pytest.raises(ObjectNotFound):
        store.head(KEY)


def test_delete_prunes_folders_and_nothing_else(store: FilesystemStore, tmp_path: Path) -> None:
    put(store, "a/b/c/d", b"")
    put(store, "a/x", b"")
    store.delete("a/b/c/d")
    assert [entry.name for entry in (tmp_path / "objects" / "a").iterdir()] == ["x~"]
    store.delete("a/x")
    assert list((tmp_path / "objects").iterdir()) == []


def test_nothing_is_left_in_staging(store: FilesystemStore, tmp_path: Path) -> None:
    put(store, KEY, b"x")
    put(store, "once", b"x", create_only=True)
    with pytest.raises(ObjectExists):
        put(store, "once", b"y", create_only=True)
    with pytest.raises(ZeroDivisionError):
        store.put(KEY, (1 // 0 for _ in "x"), PutInfo())
    store.check()
    assert list((tmp_path / "staging").iterdir()) == []


def test_a_sweep_takes_leftovers_of_the_dead_and_not_what_the_living_write(
    store: FilesystemStore, tmp_path: Path
) -> None:
    script = (
        "import sys; from pathlib import Path; from storage.drivers.filesystem import *\n"
        "from storage.checksums import chunks_of; from storage.store import PutInfo\n"
        "def chunks():\n"
        "    yield from chunks_of([b'x' * 100])\n"
        "    print('writing', flush=True); sys.stdin.read()\n"
        "FilesystemStore(Path(sys.argv[1])).put('k', chunks(), PutInfo())\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert store.sweep_uploads(timedelta(0)) == 0
        assert len(list((tmp_path / "staging").iterdir())) == 1
        process.kill()
    assert store.sweep_uploads(timedelta(days=7)) == 1
    assert list((tmp_path / "staging").iterdir()) == []
    with pytest.raises(ObjectNotFound):
        store.head("k")


def test_a_half_removed_upload_hides_no_other(store: FilesystemStore, tmp_path: Path) -> None:
    # What a process leaves that is killed while it aborts an upload.
    broken, whole = (store.start_upload("k", PutInfo()) for _ in range(2))
    (tmp_path / "uploads" / broken / "content").unlink()
    assert [upload.upload_id for upload in store.list_uploads().uploads] == [whole]


def test_a_half_made_upload_is_swept(store: FilesystemStore, tmp_path: Path) -> None:
    # What a process leaves that is killed while it opens an upload.
    for name, files in {"One": [], "Two": ["lock"], "Three": ["lock", "content"]}.items():
        (tmp_path / "uploads" / name).mkdir()
        for file in files:
            (tmp_path / "uploads" / name / file).touch()
    assert store.list_uploads().uploads == []
    assert store.sweep_uploads(timedelta(hours=1)) == 0
    assert store.sweep_uploads(timedelta(seconds=-5)) == 3
    assert list((tmp_path / "uploads").iterdir()) == []


def _create(root: Path, number: int) -> bool:
    """Try to be the first, in a process of its own."""
    try:
        FilesystemStore(root).put(
            "k", chunks_of([bytes([number]) * 1000]), PutInfo(create_only=True)
        )
    except ObjectExists:
        return False
    return True


def _count_up(root: Path, _number: int) -> int:
    """Add one to the object, by compare and swap, ten times; return the failures."""
    store, failures, done = FilesystemStore(root), 0, 0
    while done < 10:
        info = store.head("n")
        value = int(read(store, "n"))
        try:
            put(store, "n", str(value + 1).encode(), if_etag=info.etag)
            done += 1
        except Exception:
            failures += 1
    return failures


def test_conditions_hold_between_processes(store: FilesystemStore, tmp_path: Path) -> None:
    put(store, "n", b"0")
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        won = pool.starmap(_create, [(tmp_path, number) for number in range(12)], chunksize=1)
        pool.starmap(_count_up, [(tmp_path, number) for number in range(4)], chunksize=1)
    assert won.count(True) == 1
    assert read(store, "k") == bytes([won.index(True)]) * 1000
    assert read(store, "n") == b"40"


def test_an_empty_folder_is_no_common_prefix(store: FilesystemStore, tmp_path: Path) -> None:
    # A killed writer may leave the folders that it made for its object.
    (tmp_path / "objects" / "made" / "for" / "nothing").mkdir(parents=True)
    put(store, "z", b"")
    page = store.list(delimiter="/")
    assert (page.common_prefixes, [info.key for info in page.objects]) == ([], ["z"])
    put(store, "made/for/nothing/after all", b"")
    assert store.list(delimiter="/").common_prefixes == ["made/"]


def test_objects_are_private_to_the_storage_process(store: FilesystemStore, path: Path) -> None:
    put(store, KEY, b"x")
    assert path.stat().st_mode & 0o077 == 0


class _KilledError(BaseException):
    """Stands for the end of the process: nothing after it is done."""


@pytest.mark.parametrize("create_only", [False, True])
def test_an_upload_that_was_finished_but_not_tidied_counts_as_finished(
    store: FilesystemStore, monkeypatch: pytest.MonkeyPatch, *, create_only: bool
) -> None:
    """Also when its object was replaced since, and when it is gone."""
    upload_id = store.start_upload(KEY, PutInfo(create_only=create_only))
    with monkeypatch.context() as patched:
        # Killed as soon as the content has its place.
        patched.setattr(durable, "sync_folder", _killed_at(store, KEY))
        with pytest.raises(_KilledError):
            store.continue_upload(upload_id, 0, chunks_of([b"abc"]))
    stored = store.head(KEY)
    for change in (lambda: None, lambda: put(store, KEY, b"other"), lambda: store.delete(KEY)):
        change()
        assert store.query_upload(upload_id).info == stored
        with pytest.raises(UploadNotFound):
            store.continue_upload(upload_id, 3, chunks_of([b"def"]))


def _killed_at(store: FilesystemStore, key: str) -> Callable[[Path], None]:
    """Return a `sync_folder` that ends the process once there is an object at the key."""
    sync_folder = durable.sync_folder

    def sync(folder: Path) -> None:
        with suppress(ObjectNotFound):
            store.head(key)
            raise _KilledError
        sync_folder(folder)

    return sync


@pytest.mark.parametrize("removed", [0, 1, 2, 3])
def test_an_upload_whose_removal_was_cut_short_is_not_there(
    store: FilesystemStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, removed: int
) -> None:
    upload_id = store.start_upload(KEY, PutInfo())
    with pytest.raises(ZeroDivisionError):
        store.continue_upload(upload_id, 0, _then_fail(b"abc"))

    def rmtree(folder: Path) -> None:
        for name in ["content", "runs", "lock"][:removed]:
            (folder / name).unlink()
        raise _KilledError

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", rmtree)
        with pytest.raises(_KilledError):
            store.abort_upload(upload_id)
    with pytest.raises(UploadNotFound):
        store.query_upload(upload_id)
    with pytest.raises(UploadNotFound):
        store.continue_upload(upload_id, 3, chunks_of([b"def"]))
    assert store.sweep_uploads(timedelta(seconds=-5)) == 1
    assert list((tmp_path / "uploads").iterdir()) == []


@pytest.mark.parametrize("name", ["content", "runs"])
def test_an_upload_without_its_bytes_is_not_there(
    store: FilesystemStore, tmp_path: Path, name: str
) -> None:
    upload_id = store.start_upload(KEY, PutInfo())
    (tmp_path / "uploads" / upload_id / name).unlink()
    with pytest.raises(UploadNotFound):
        store.query_upload(upload_id)
    with pytest.raises(UploadNotFound):
        store.continue_upload(upload_id, 0, chunks_of([b"abc"]))


def test_an_upload_that_was_killed_before_its_object_was_placed_goes_on(
    store: FilesystemStore, tmp_path: Path
) -> None:
    upload_id = store.start_upload(KEY, PutInfo(create_only=True))
    put(store, KEY, b"in the way")
    with pytest.raises(ObjectExists):
        store.continue_upload(upload_id, 0, chunks_of([b"abc"]))
    folder = tmp_path / "uploads" / upload_id
    # The footer is written already; a crash leaves it there and may leave done.json, too.
    assert (folder / "content").stat().st_size > 3
    (folder / "done.json").write_bytes(b"{}")
    assert store.query_upload(upload_id).persisted_bytes == 3
    store.delete(KEY)
    store.continue_upload(upload_id, 3, chunks_of([b"def"]))
    assert read(store, KEY) == b"abcdef"


def test_bytes_of_an_upload_that_were_not_counted_are_cut_off(
    store: FilesystemStore, tmp_path: Path
) -> None:
    upload_id = store.start_upload(KEY, PutInfo())
    folder = tmp_path / "uploads" / upload_id
    with pytest.raises(ZeroDivisionError):
        store.continue_upload(upload_id, 0, _then_fail(b"abc"))
    with (folder / "content").open("ab") as file:
        file.write(b"torn")
    with (folder / "runs").open("ab") as file:
        file.write(b"\x04\x00")
    assert store.query_upload(upload_id).persisted_bytes == 3
    store.continue_upload(upload_id, 3, chunks_of([b"def"]))
    assert read(store, KEY) == b"abcdef"


def test_bytes_of_an_upload_that_a_power_cut_took_are_not_counted(
    store: FilesystemStore, tmp_path: Path
) -> None:
    upload_id = store.start_upload(KEY, PutInfo())
    with pytest.raises(ZeroDivisionError):
        store.continue_upload(upload_id, 0, _then_fail(b"abc", b"def"))
    os.truncate(tmp_path / "uploads" / upload_id / "content", 4)
    assert store.query_upload(upload_id).persisted_bytes == 3
    store.continue_upload(upload_id, 3, chunks_of([b"xyz"]))
    assert read(store, KEY) == b"abcxyz"


def _then_fail(*runs: bytes) -> Iterator[Chunk]:
    yield from chunks_of(runs)
    raise ZeroDivisionError
