"""Deleting objects that no asset names any more, until they are gone."""

import threading
from collections.abc import Sequence

import structlog
from sqlalchemy.exc import SQLAlchemyError

from services.ingest.catalog.catalog import Catalog
from services.ingest.errors import CatalogUnavailable
from tintype.errors import TintypeError
from tintype.storage.client import StorageClient

_DELETE_TIMEOUT_S = 10.0
_INTERVAL_S = 15.0
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
    """A thread that deletes what earlier calls could not. Deleting twice does no harm."""

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
        while True:
            try:
                if keys := self._catalog.garbage():
                    collect_garbage(self._catalog, self._storage, keys)
            except (SQLAlchemyError, CatalogUnavailable) as error:
                _log.warning("garbage not collected", error=str(error))
            if self._stop.wait(_INTERVAL_S):
                return
