"""Stopping a copy that nobody waits for any more."""

from collections.abc import Callable, Iterable, Iterator

from storage.store import Chunk


def stoppable(chunks: Iterable[Chunk], go_on: Callable[[], None]) -> Iterator[Chunk]:
    """Yield the chunks, asking `go_on` before each and at the end; what it raises passes."""
    for chunk in chunks:
        go_on()
        yield chunk
    go_on()
