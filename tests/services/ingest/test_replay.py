"""Bytes that are read once and given out again."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import pytest

from services.ingest.replay import Replay

CHUNKS = [bytes([number]) * 10 for number in range(10)]


def test_every_iteration_begins_at_the_beginning() -> None:
    replay = Replay(iter(CHUNKS))
    assert list(islice(replay, 3)) == CHUNKS[:3]
    assert list(islice(replay, 5)) == CHUNKS[:5]
    assert list(replay) == CHUNKS
    assert list(replay) == CHUNKS
    assert replay.possible


def test_more_than_may_be_held_can_be_read_to_the_end_but_not_again() -> None:
    replay = Replay(iter(CHUNKS), held_bytes=45)
    assert list(islice(replay, 4)) == CHUNKS[:4]
    assert replay.possible
    assert list(replay) == CHUNKS
    assert not replay.possible


def test_a_source_that_breaks_off_never_looks_like_its_end() -> None:
    def broken() -> Iterator[bytes]:
        yield CHUNKS[0]
        raise OSError("pulled out")

    replay = Replay(broken())
    for _ in range(2):
        with pytest.raises(OSError, match="pulled out"):
            list(replay)


@pytest.mark.parametrize("held_bytes", [1000, 35])
def test_what_an_older_iteration_still_takes_is_not_lost(held_bytes: int) -> None:
    waiting, go = threading.Event(), threading.Event()

    def source() -> Iterator[bytes]:
        yield from CHUNKS[:3]
        waiting.set()
        go.wait(10)
        yield from CHUNKS[3:]

    replay = Replay(source(), held_bytes)
    older = iter(replay)
    assert list(islice(older, 3)) == CHUNKS[:3]
    with ThreadPoolExecutor(2) as threads:
        taken = threads.submit(next, older)
        assert waiting.wait(10)
        newer = threads.submit(list, replay)
        go.set()
        assert taken.result(10) == CHUNKS[3]
        assert newer.result(10) == CHUNKS
