"""What one process is at: which puts, and which uploads."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from storage.errors import UploadConflict


class Busy:
    """Ids of puts and uploads, each held by one thread at a time. Safe to share between threads."""

    def __init__(self) -> None:
        self._held: set[str] = set()
        self._lock = threading.Lock()

    def __contains__(self, name: str) -> bool:
        """Tell whether anybody holds an id."""
        with self._lock:
            return name in self._held

    @contextmanager
    def hold(self, name: str) -> Iterator[None]:
        """Hold an id in the block.

        Raises:
            UploadConflict: another holds it, and goes on to.
        """
        with self._lock:
            if name in self._held:
                raise UploadConflict(f"another writer is at {name!r}")
            self._held.add(name)
        try:
            yield
        finally:
            with self._lock:
                self._held.remove(name)
