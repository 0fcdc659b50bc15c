"""Watchers miss no change and see none twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import islice

import pytest

from services.ingest.catalog.catalog import Catalog
from services.ingest.catalog.tables import AssetRow
from services.ingest.watch import Watchers
from services.rpc.errors import InvalidRequest, Overloaded
from tintype.ingest.v1 import ingest_pb2

NewRow = Callable[..., AssetRow]
Request = ingest_pb2.WatchAssetsRequest


def test_changes_come_in_order_from_any_cursor_on(catalog: Catalog, row: NewRow) -> None:
    asset = catalog.insert(row())
    catalog.insert(row("bob"))
    catalog.change("ann", asset.id, lambda changed: setattr(changed, "title", "t"))
    catalog.delete("ann", asset.id)
    watch = Watchers(catalog).watch("ann", Request(), lambda: True)
    changes = list(islice(watch, 3))
    assert [change.asset.details.title for change in changes] == ["", "t", ""]
    assert [change.change for change in changes] == [1, 1, 2]
    again = Watchers(catalog).watch("ann", Request(cursor=changes[0].cursor), lambda: True)
    assert list(islice(again, 2)) == changes[1:]


def test_of_concurrent_writers_no_change_is_missed_or_repeated(
    catalog: Catalog, row: NewRow
) -> None:
    watch = Watchers(catalog).watch("ann", Request(), lambda: True)
    with ThreadPoolExecutor(5) as threads:
        seen = threads.submit(lambda: list(islice(watch, 40)))
        inserted = list(threads.map(lambda _: catalog.insert(row()).id, range(40)))
        changes = seen.result(20)
    assert sorted(change.asset.id for change in changes) == sorted(inserted)
    assert [int(change.cursor) for change in changes] == list(range(1, 41))


def test_from_now_leaves_out_what_was(catalog: Catalog, row: NewRow) -> None:
    catalog.insert(row())
    watch = Watchers(catalog).watch("ann", Request(from_now=True), lambda: True)
    with ThreadPoolExecutor(1) as threads:
        seen = threads.submit(next, watch)
        later = catalog.insert(row())
        while not seen.done():
            later = catalog.insert(row())
        assert seen.result(20).asset.create_time.ToDatetime() <= later.create_time.ToDatetime()
        assert int(seen.result().cursor) > 1


def test_a_watcher_too_many_is_told_and_one_that_leaves_makes_room(
    catalog: Catalog, row: NewRow
) -> None:
    catalog.insert(row())
    watchers = Watchers(catalog, limit=1)
    first = watchers.watch("ann", Request(), lambda: True)
    next(first)
    with pytest.raises(Overloaded):
        next(watchers.watch("ann", Request(), lambda: True))
    first.close()
    next(watchers.watch("ann", Request(), lambda: True))


@pytest.mark.parametrize("cursor", ["x", "-1", "1.5", "²", "9" * 19])
def test_a_cursor_that_no_watch_gave_out_is_refused(catalog: Catalog, cursor: str) -> None:
    with pytest.raises(InvalidRequest, match="cursor"):
        next(Watchers(catalog).watch("ann", Request(cursor=cursor), lambda: True))


def test_old_changes_are_forgotten_but_how_every_asset_is_now(
    catalog: Catalog, row: NewRow
) -> None:
    kept, gone = catalog.insert(row()), catalog.insert(row())
    for number in range(5):
        catalog.change("ann", kept.id, lambda changed, n=number: setattr(changed, "title", str(n)))
    catalog.delete("ann", gone.id)
    before = list(islice(Watchers(catalog).watch("ann", Request(), lambda: True), 8))
    assert catalog.forget_overtaken(timedelta(days=1)) == 0
    assert catalog.forget_overtaken(timedelta(0), limit=4) == 4
    assert catalog.forget_overtaken(timedelta(0)) == 2
    assert catalog.forget_overtaken(timedelta(0)) == 0
    assert list(islice(Watchers(catalog).watch("ann", Request(), lambda: True), 2)) == before[-2:]
    resumed = Watchers(catalog).watch("ann", Request(cursor=before[0].cursor), lambda: True)
    assert list(islice(resumed, 2)) == before[-2:]
