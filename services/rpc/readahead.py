"""Doing the next step of a stream while the last one is still being handed on.

A stream's steps would otherwise wait for each other: receive, check, write, receive.
Each of them leaves the interpreter alone while it runs, so two threads halve the wait,
as long as there is a core to spare.
"""

import os
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TypeVar

Item = TypeVar("Item")

# A thread is not worth its start for less.
_INLINE_ITEMS = 2
_ITEMS_AHEAD = 1


@dataclass(frozen=True)
class _End:
    """The end of the items, good or bad."""

    error: BaseException | None


class ReadAhead:
    """Reads ahead for as many streams at a time as there are cores.

    More streams keep the cores busy by themselves, and each item that waits is memory.
    """

    def __init__(self, streams: int | None = None) -> None:
        self._slots = threading.BoundedSemaphore(streams or os.cpu_count() or 1)

    def __call__(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield the items, read ahead if there is a core to spare."""
        if not self._slots.acquire(blocking=False):
            yield from items
            return
        try:
            yield from _read_ahead(items)
        finally:
            self._slots.release()


def _read_ahead(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items, from the third on taken from `items` by a thread of its own.

    One item waits. What iterating `items` raises is raised here, in its place. When the
    consumer stops early the thread ends once `items` yields or raises again, which the
    end of a call makes its stream do.
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
