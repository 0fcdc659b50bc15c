"""What could not be deleted at once is deleted later, whatever happens in between."""

import threading
from collections.abc import Sequence

import pytest

from services.ingest import garbage
from services.ingest.catalog.catalog import Catalog
from services.ingest.errors import CatalogUnavailable
from tests.services.ingest.processes import Processes


def test_a_database_that_was_away_does_not_end_the_collecting(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog, storage = processes.needs.catalog, processes.needs.storage
    storage.put("media-uploads/nobodys", [b"bytes"])
    catalog.add_garbage(["media-uploads/nobodys"])
    looks, collected = [0], threading.Event()

    def away_at_first(self: Catalog, limit: int = 1000) -> Sequence[str]:
        looks[0] += 1
        if looks[0] == 1:
            raise CatalogUnavailable
        if not (keys := found(self, limit)):
            collected.set()
        return keys

    found = Catalog.garbage
    monkeypatch.setattr(Catalog, "garbage", away_at_first)
    monkeypatch.setattr(garbage, "_INTERVAL_S", 0.05)
    collector = garbage.GarbageCollector(catalog, storage)
    collector.start()
    assert collected.wait(10)
    collector.stop()
    assert processes.keys() == []
