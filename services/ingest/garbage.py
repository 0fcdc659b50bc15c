"""Deleting objects that no asset names any more, until they are gone."""

import threading
import time
from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from services.ingest.catalog.catalog import Catalog
from services.ingest.errors import CatalogUnavailable
from tintype.errors import TintypeError
from tintype.storage.client import StorageClient

_DELETE_TIMEOUT_S = 10.0
_INTERVAL_S = 15.0
# How long every change is kept for watchers, and how often older ones are looked for.
_KEPT = timedelta(days=7)
_LOOK_EVERY_S = 3600.0
_log = structlog.get_logger(__name__)


def collect_garbage(catalog: Catalog, storage: StorageClient, keys: Sequence[str]) -> None:
    """Delete objects and forget them; those that cannot be deleted now stay remembered."""
    gone = []
    for key in keys:
        try:
            storage.delete(key, timeout_s=_DELETE_TIMEOUT_S)
        except TintypeError as error:
            _log.warning("object not deleted yet", key=key, error=str(error))
            break  # the others would wait just as long
        gone.append(key)
    if gone:
        catalog.forget_garbage(gone)


class GarbageCollector:
    """A thread that deletes what earlier calls could not, and changes that nobody needs.

    Deleting twice does no harm.
    """

    def __init__(self, catalog: Catalog, storage: StorageClient) -> None:
        self._catalog = catalog
        self._storage = storage
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="garbage", daemon=True)

    def start(self) -> None:
        """Begin; the first round is at once."""
        self._thread.start()

    def stop(self) -> None:
        """End after the object that is being deleted."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        next_look = 0.0
        while True:
            try:
                if keys := self._catalog.garbage():
                    collect_garbage(self._catalog, self._storage, keys)
                if time.monotonic() >= next_look and not self._catalog.forget_overtaken(_KEPT):
                    next_look = time.monotonic() + _LOOK_EVERY_S
            except (SQLAlchemyError, CatalogUnavailable) as error:
                _log.warning("garbage not collected", error=str(error))
            if self._stop.wait(_INTERVAL_S):
                return
