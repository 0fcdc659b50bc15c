"""Doing the next step of a stream while the last one is still being handed on.

A stream's steps would otherwise wait for each other: receive, check, write, receive.
Each of them leaves the interpreter alone while it runs, so two threads halve the wait.
"""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TypeVar

Item = TypeVar("Item")

# A thread is not worth its start for less.
_INLINE_ITEMS = 2
_ITEMS_AHEAD = 2


@dataclass(frozen=True)
class _End:
    """The end of the items, good or bad."""

    error: BaseException | None


def read_ahead(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items, from the third on taken from `items` by a thread of its own.

    At most two items wait. What iterating `items` raises is raised here, in its place.
    When the consumer stops early the thread ends once `items` yields or raises again,
    which the end of a call makes its stream do.
    """
    iterator = iter(items)
    for _ in range(_INLINE_ITEMS):
        try:
            item = next(iterator)
        except StopIteration:
            return
        yield item
    filled: SimpleQueue[Item | _End] = SimpleQueue()
    free = threading.Semaphore(_ITEMS_AHEAD)
    left = threading.Event()

    def fill() -> None:
        error: BaseException | None = None
        try:
            for item in iterator:
                filled.put(item)
                free.acquire()
                if left.is_set():
                    return
        except BaseException as raised:
            error = raised
        filled.put(_End(error))

    threading.Thread(target=fill, name="read-ahead", daemon=True).start()
    try:
        while True:
            taken = filled.get()
            free.release()
            if isinstance(taken, _End):
                if taken.error is not None:
                    raise taken.error
                return
            yield taken
    finally:
        left.set()
        free.release()
