"""Following an owner's changes, from any cursor on, without end."""

import re
import threading
from collections.abc import Callable, Iterator

from services.ingest.catalog.catalog import Catalog
from services.rpc.errors import InvalidRequest, Overloaded
from tintype.ingest.v1 import ingest_pb2

# How soon a watcher learns of a change. Changes are read from the catalog, because
# another process may have made them.
_POLL_S = 0.2
# What fits into a database's 64 bits.
_CURSOR = re.compile("[0-9]{1,18}")
_BATCH = 100


class Watchers:
    """All watchers of one process.

    Each holds a thread of the server as long as it watches, so there are at most
    `limit` of them; one more is refused with `Overloaded`.
    """

    def __init__(self, catalog: Catalog, limit: int = 16) -> None:
        self._catalog = catalog
        self._places = threading.BoundedSemaphore(limit)
        self._limit = limit

    def watch(
        self,
        owner: str,
        request: ingest_pb2.WatchAssetsRequest,
        is_active: Callable[[], bool],
    ) -> Iterator[ingest_pb2.WatchAssetsResponse]:
        """Yield an owner's changes after the request's cursor, and wait for more.

        Args:
            owner: whose changes.
            request: where to begin.
            is_active: False as soon as nobody listens any more.

        Raises:
            InvalidRequest: the cursor is none.
            Overloaded: there are as many watchers as there may be.
        """
        sequence = self._begin(owner, request)
        if not self._places.acquire(blocking=False):
            raise Overloaded(f"{self._limit} watchers are all that one process holds")
        try:
            pause = threading.Event()
            while is_active():
                changes = self._catalog.changes_after(owner, sequence, _BATCH)
                for _, change in changes:
                    yield change
                if changes:
                    sequence = changes[-1][0]
                else:
                    pause.wait(_POLL_S)
        finally:
            self._places.release()

    def _begin(self, owner: str, request: ingest_pb2.WatchAssetsRequest) -> int:
        """Return the number of the last change that is not wanted."""
        if not request.cursor:
            return self._catalog.last_sequence(owner) if request.from_now else 0
        if request.from_now:
            raise InvalidRequest("from_now goes with an empty cursor")
        if not _CURSOR.fullmatch(request.cursor):
            raise InvalidRequest(f"cursor {request.cursor!r} is not one that a watch gave out")
        return int(request.cursor)
