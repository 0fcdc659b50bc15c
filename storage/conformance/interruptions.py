"""Writes and reads that break off, and those that meet."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from storage.checksums import chunks_of
from storage.conformance.tools import MIB, Chapter, content_of, put, read
from storage.errors import ObjectNotFound
from storage.store import Chunk, ObjectStore, PutInfo

_PATIENCE_S = 30


class _CallerError(Exception):
    """What a caller's own iterator raises."""


def _break_after(content: bytes) -> Iterator[Chunk]:
    """Yield the content, then fail."""
    yield from chunks_of(content[start : start + MIB] for start in range(0, len(content), MIB))
    raise _CallerError("the caller's own")


class Interruptions(Chapter):
    """Nothing half-way is ever seen."""

    @pytest.mark.parametrize("size", [0, 1, MIB, 5 * MIB, 9 * MIB, 17 * MIB])
    def test_a_put_that_breaks_leaves_no_trace(
        self, store: ObjectStore, prefix: str, size: int
    ) -> None:
        """The caller's error comes back as it was raised; what was there stays."""
        with pytest.raises(_CallerError, match="the caller's own"):
            store.put(prefix + "new", _break_after(content_of(size)), PutInfo())
        with pytest.raises(ObjectNotFound):
            store.head(prefix + "new")
        put(store, prefix + "old", b"old")
        with pytest.raises(_CallerError):
            store.put(prefix + "old", _break_after(content_of(size)), PutInfo())
        assert read(store, prefix + "old") == b"old"
        assert [info.key for info in store.list(prefix).objects] == [prefix + "old"]

    @pytest.mark.parametrize("size", [0, 3, 9 * MIB], ids=["empty", "small", "large"])
    def test_a_copy_that_is_stopped_leaves_no_trace(
        self, store: ObjectStore, prefix: str, size: int
    ) -> None:
        """Whenever that is, the last moment before it would be seen included."""
        put(store, prefix + "source", content_of(size))
        asked: list[None] = []
        store.copy(prefix + "source", prefix + "whole", PutInfo(), go_on=lambda: asked.append(None))
        assert asked
        for last in {1, len(asked)}:
            times = iter(range(1, last))

            def stop(left: Iterator[int] = times) -> None:
                if next(left, None) is None:
                    raise _CallerError("nobody waits")

            with pytest.raises(_CallerError, match="nobody waits"):
                store.copy(prefix + "source", prefix + "target", PutInfo(), go_on=stop)
            with pytest.raises(ObjectNotFound):
                store.head(prefix + "target")

    def test_an_os_error_of_the_caller_is_not_the_stores(
        self, store: ObjectStore, prefix: str
    ) -> None:
        """A caller's full disk is not a full store."""

        def broken() -> Iterator[Chunk]:
            yield from chunks_of([b"x"])
            raise OSError(28, "No space left on the caller's device")

        with pytest.raises(OSError, match="on the caller's device"):
            store.put(prefix + "object", broken(), PutInfo())

    def test_bytes_are_invisible_until_put_returns(self, store: ObjectStore, prefix: str) -> None:
        """Neither get nor list shows a put that is under way."""
        arrived, go_on = threading.Event(), threading.Event()

        def slow() -> Iterator[Chunk]:
            yield from chunks_of([content_of(MIB)] * 9)
            arrived.set()
            assert go_on.wait(_PATIENCE_S)

        with ThreadPoolExecutor(1) as pool:
            write = pool.submit(store.put, prefix + "object", slow(), PutInfo())
            try:
                assert arrived.wait(_PATIENCE_S)
                with pytest.raises(ObjectNotFound):
                    store.get(prefix + "object")
                assert store.list(prefix).objects == []
            finally:
                go_on.set()
            write.result(_PATIENCE_S)
        assert store.head(prefix + "object").size_bytes == 9 * MIB

    def test_a_reader_keeps_what_it_began_with(self, store: ObjectStore, prefix: str) -> None:
        """While the object is replaced, and while it is deleted."""
        old, new = content_of(12 * MIB), content_of(12 * MIB)[::-1]
        put(store, prefix + "object", old)
        with store.get(prefix + "object") as reader:
            chunks = iter(reader)
            first = bytes(next(chunks).content)
            put(store, prefix + "object", new)
            rest = _read_or_none(chunks)
        assert rest is None or first + rest == old
        assert read(store, prefix + "object") == new

    def test_readers_of_an_object_that_is_replaced_all_the_time(
        self, store: ObjectStore, prefix: str
    ) -> None:
        """See one version or another, never a mixture."""
        put(store, prefix + "object", bytes([0]) * MIB)
        stop = threading.Event()

        def write() -> None:
            for number in range(1, 30):
                put(store, prefix + "object", bytes([number]) * (MIB + number))
            stop.set()

        with ThreadPoolExecutor(1) as pool:
            writing = pool.submit(write)
            while not stop.is_set() and not writing.done():
                content = read(store, prefix + "object")
                assert content == content[:1] * len(content)
                assert len(content) == MIB + content[0]
            writing.result()

    def test_a_reader_may_be_closed_early(self, store: ObjectStore, prefix: str) -> None:
        """Many times, before and after the first chunk, without using anything up."""
        put(store, prefix + "object", content_of(9 * MIB))
        for _ in range(50):
            with store.get(prefix + "object"):
                pass
            with store.get(prefix + "object") as reader:
                next(iter(reader))
        assert read(store, prefix + "object", -1) == content_of(9 * MIB)[-1:]

    def test_writers_and_deleters_in_one_folder(self, store: ObjectStore, prefix: str) -> None:
        """A folder that is emptied by one is there for the other."""

        def work(number: int) -> None:
            key = f"{prefix}a/b/c/{number}"
            for _ in range(20):
                put(store, key, b"x")
                assert read(store, key) == b"x"
                store.delete(key)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))
        assert store.list(prefix).objects == []


def _read_or_none(chunks: Iterator[Chunk]) -> bytes | None:
    """Read on; None if the store says that the object is no more."""
    try:
        return b"".join(chunk.content for chunk in chunks)
    except ObjectNotFound:
        return None
