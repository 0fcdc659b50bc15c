import threading
import time
from collections.abc import Iterator

import pytest

from services.rpc.readahead import ReadAhead

read_ahead = ReadAhead(20)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 100])
def test_all_items_come_in_order(count: int) -> None:
    assert list(read_ahead(range(count))) == list(range(count))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 10])
def test_an_error_comes_in_its_place(count: int) -> None:
    def broken() -> Iterator[int]:
        yield from range(count)
        raise KeyError("mine")

    stream = read_ahead(broken())
    assert [next(stream) for _ in range(count)] == list(range(count))
    with pytest.raises(KeyError, match="mine"):
        next(stream)


def test_a_few_items_are_taken_ahead_and_no_more() -> None:
    taken: list[int] = []
    stream = read_ahead(taken.append(number) for number in range(100))
    for _ in range(3):
        next(stream)
    time.sleep(0.1)
    assert 3 < len(taken) <= 5
    stream.close()


def test_the_thread_ends_with_its_consumer() -> None:
    before = threading.active_count()
    streams = [read_ahead(iter(range(1000))) for _ in range(20)]
    for stream in streams:
        for _ in range(5):
            next(stream)
        stream.close()
    deadline = time.monotonic() + 10
    while threading.active_count() > before:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_short_streams_need_no_thread() -> None:
    before = threading.active_count()
    stream = read_ahead(iter(range(10)))
    next(stream)
    next(stream)
    assert threading.active_count() == before
    stream.close()


def test_more_streams_than_slots_go_without() -> None:
    one_slot = ReadAhead(1)
    first, second = one_slot(iter(range(10))), one_slot(iter(range(10)))
    threads = threading.active_count()
    assert [next(first) for _ in range(3)] == [0, 1, 2]
    assert threading.active_count() == threads + 1
    assert list(second) == list(range(10))
    assert threading.active_count() == threads + 1
    assert list(first) == list(range(3, 10))
    assert list(one_slot(range(5))) == list(range(5))
