"""The sweep finds what does not belong together, and mends it."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.duration_pb2 import Duration

from services.imaging.pool import WorkerPool
from services.ingest import rebuild, recipe
from services.ingest.derivatives import derive_stored
from services.ingest.errors import AssetNotFound, WrongState
from storage.drivers.filesystem.locks import try_lock
from tests.services.ingest.jobs.calls import until, until_ended
from tests.services.ingest.processes import Processes, picture, start
from tintype import errors
from tintype.ingest.v1 import asset_pb2, ingest_pb2
from tintype.storage.client import StorageClient


@pytest.fixture(params=["sqlite", "postgres"])
def processes(
    tmp_path: Path, pool: WorkerPool, request: pytest.FixtureRequest
) -> Iterator[Processes]:
    url = request.getfixturevalue("fresh_postgres_url") if request.param == "postgres" else ""
    with start(tmp_path, pool, url) as processes:
        yield processes


def sweep(processes: Processes, **fields: object) -> list[tuple[str, str, bool]]:
    """Return (finding, key, repaired) of every finding of a sweep of all ages."""
    request = ingest_pb2.SweepRequest(min_age=Duration(), **fields)
    return [
        (
            ingest_pb2.SweepFinding.Name(one.finding).removeprefix("SWEEP_FINDING_"),
            one.storage_key,
            one.repaired,
        )
        for one in processes.client.stub.Sweep(request)
        if one.finding
    ]


def damage(processes: Processes, key: str) -> None:
    """Flip one bit of an object on the disk."""
    (path,) = [
        path
        for path in processes.objects.rglob("*")
        if path.name == key.rsplit("/", maxsplit=1)[-1]
    ]
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)


def test_a_whole_store_has_nothing_to_find(processes: Processes) -> None:
    processes.client.ingest([picture()])
    assert sweep(processes, verify_content=True) == []


def test_an_object_of_no_asset_is_reported_and_then_deleted(processes: Processes) -> None:
    processes.client.ingest([picture()])
    keys = processes.keys()
    orphan = "media-uploads/2026/01_01/original/orphan.jpg"
    processes.needs.storage.put(orphan, [b"bytes"])
    processes.needs.storage.put("elsewhere/kept.txt", [b"not ours"])
    assert sweep(processes) == [("ORPHAN", orphan, False)]
    assert sweep(processes, repair=True) == [("ORPHAN", orphan, True)]
    assert sweep(processes) == []
    assert processes.keys() == ["elsewhere/kept.txt", *keys]


def test_a_young_object_is_left_alone(processes: Processes) -> None:
    processes.needs.storage.put("media-uploads/2026/01_01/original/young.jpg", [b"bytes"])
    young = Duration()
    young.FromTimedelta(timedelta(minutes=1))
    request = ingest_pb2.SweepRequest(repair=True, min_age=young)
    assert [one.finding for one in processes.client.stub.Sweep(request)] == [0]


def test_an_abandoned_upload_is_reported_and_then_aborted(processes: Processes) -> None:
    storage = processes.needs.storage
    upload_id = storage.start_upload("media-uploads/a.mp4").upload_id
    request = ingest_pb2.SweepRequest(min_age=Duration())
    found, _ = processes.client.stub.Sweep(request)
    assert (found.upload_id, found.asset_id, found.message) == (upload_id, "", "")
    assert sweep(processes) == [("ABANDONED_UPLOAD", "media-uploads/a.mp4", False)]
    assert storage.query_upload(upload_id).persisted_bytes == 0
    assert sweep(processes, repair=True) == [("ABANDONED_UPLOAD", "media-uploads/a.mp4", True)]
    assert sweep(processes) == []
    with pytest.raises(errors.NotFound):
        storage.query_upload(upload_id)


def test_an_upload_of_somebody_elses_is_left_alone(processes: Processes) -> None:
    upload_id = processes.needs.storage.start_upload("films/a.mp4").upload_id
    assert sweep(processes, repair=True) == []
    assert processes.needs.storage.query_upload(upload_id).persisted_bytes == 0


def test_a_young_upload_is_left_alone(processes: Processes) -> None:
    upload_id = processes.needs.storage.start_upload("media-uploads/a.mp4").upload_id
    request = ingest_pb2.SweepRequest(repair=True)
    assert [one.finding for one in processes.client.stub.Sweep(request)] == [0]
    assert processes.needs.storage.query_upload(upload_id).persisted_bytes == 0


def test_an_upload_that_somebody_is_at_is_not_aborted(processes: Processes) -> None:
    upload_id = processes.needs.storage.start_upload("media-uploads/a.mp4").upload_id
    request = ingest_pb2.SweepRequest(repair=True, min_age=Duration())
    with try_lock(processes.objects / "uploads" / upload_id / "lock") as held:
        assert held
        found, _ = processes.client.stub.Sweep(request)
    assert (found.upload_id, found.repaired) == (upload_id, False)
    assert "another writer" in found.message
    assert processes.needs.storage.query_upload(upload_id).persisted_bytes == 0


def test_missing_and_damaged_derivatives_are_made_again(processes: Processes) -> None:
    asset = processes.client.ingest([picture()]).asset
    keys = {one.name: one.storage_key for one in asset.renditions}
    processes.needs.storage.delete(keys["small"])
    damage(processes, keys["large"])
    found = sweep(processes, verify_content=True)
    assert sorted(found) == [
        ("DAMAGED", keys["large"], False),
        ("MISSING", keys["small"], False),
    ]
    assert all(repaired for *_, repaired in sweep(processes, repair=True, verify_content=True))
    assert sweep(processes, verify_content=True) == []
    assert len(processes.client.get_asset(asset.id).renditions) == 5


def test_an_asset_without_its_original_is_set_aside(processes: Processes) -> None:
    asset = processes.client.ingest([picture()]).asset
    processes.needs.storage.delete(asset.renditions[0].storage_key)
    assert sweep(processes, repair=True) == [("MISSING", asset.renditions[0].storage_key, True)]
    lost = processes.client.get_asset(asset.id)
    assert lost.state == asset_pb2.ASSET_STATE_FAILED
    assert lost.error.reason == "ORIGINAL_LOST"
    assert lost.error.retryable


def test_an_original_that_comes_back_makes_its_asset_whole_again(
    processes_with_jobs: Processes,
) -> None:
    """As when the store was not mounted."""
    processes = processes_with_jobs
    asset = processes.client.ingest([picture()]).asset
    objects, elsewhere = processes.objects, processes.objects.with_name("elsewhere")
    objects.rename(elsewhere)
    objects.mkdir()
    sweep(processes, repair=True)
    assert processes.client.get_asset(asset.id).state == asset_pb2.ASSET_STATE_FAILED
    shutil.rmtree(objects)
    elsewhere.rename(objects)
    processes.client.retry_asset(asset.id)
    whole = until_ended(processes.client, asset)
    assert whole.state == asset_pb2.ASSET_STATE_DRAFT
    assert list(whole.colors) == list(asset.colors)
    assert sweep(processes, verify_content=True) == []


@pytest.mark.parametrize("verb", ["reject", "delete"])
def test_what_is_taken_away_while_it_is_rebuilt_stays_away(
    processes: Processes, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    asset = processes.client.ingest([picture()]).asset

    def derive(*arguments: Any, keys: list[str], **options: Any) -> Any:
        derived = derive_stored(*arguments, keys=keys, **options)
        if verb == "reject":
            processes.client.stub.RejectAsset(ingest_pb2.RejectAssetRequest(id=asset.id))
        else:
            processes.client.delete_asset(asset.id)
        for key in keys:  # as if they had been put a moment later
            processes.needs.storage.put(key, [b"late"])
        return derived

    monkeypatch.setattr(rebuild, "derive_stored", derive)
    with pytest.raises((WrongState, AssetNotFound)):
        rebuild.rebuild(processes.needs, asset.owner, asset.id, 20)
    assert processes.keys() == []
    if verb == "reject":
        rejected = processes.client.get_asset(asset.id)
        assert rejected.state == asset_pb2.ASSET_STATE_REJECTED
        assert not rejected.renditions


def test_a_rebuild_that_fails_takes_nothing_from_an_asset_that_is_there(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another one may be about to name what both have stored."""
    asset = processes.client.ingest([picture()]).asset
    key = "media-uploads/2026/01_01/preview/both.webp"

    def derive(*_: Any, keys: list[str], **_options: Any) -> Any:
        processes.needs.storage.put(key, [b"both"])
        keys.append(key)
        raise errors.Unavailable("imaging is away")

    monkeypatch.setattr(rebuild, "derive_stored", derive)
    with pytest.raises(errors.Unavailable):
        rebuild.rebuild(processes.needs, asset.owner, asset.id, 20)
    assert processes.needs.storage.head(key).size_bytes == 4


def test_damage_on_the_way_is_no_finding(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = processes.client.ingest([picture()]).asset
    storage, times = processes.needs.storage, [0]

    def get(key: str, **options: Any) -> Any:
        times[0] += 1
        if times[0] == 1:
            raise errors.DataLoss("a flipped bit", "CHECKSUM_MISMATCH")
        return StorageClient.get(storage, key, **options)

    monkeypatch.setattr(storage, "get", get)
    assert sweep(processes, repair=True, verify_content=True) == []
    assert processes.client.get_asset(asset.id) == asset


def test_assets_behind_the_recipe_are_rebuilt_once(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [processes.client.ingest([picture()]).asset for _ in range(3)]
    newer = recipe.RECIPE_VERSION + 1
    for module in ("rebuild", "new_asset"):
        monkeypatch.setattr(f"services.ingest.{module}.RECIPE_VERSION", newer)
    request = ingest_pb2.ReprocessAssetsRequest()
    progress = list(processes.client.stub.ReprocessAssets(request))
    assert [(one.total_count, one.done_count, one.failed_count) for one in progress] == [
        (3, number, 0) for number in range(4)
    ]
    assert {one.asset_id for one in progress[1:]} == {asset.id for asset in before}
    assert all(asset.recipe_version == newer for asset in processes.client.list_assets())
    assert next(processes.client.stub.ReprocessAssets(request)).total_count == 0


def test_a_rebuild_that_was_stopped_goes_on_where_it_was(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 5
    for _ in range(count):
        processes.client.ingest([picture()])
    newer = recipe.RECIPE_VERSION + 1
    for module in ("rebuild", "new_asset"):
        monkeypatch.setattr(f"services.ingest.{module}.RECIPE_VERSION", newer)
    request = ingest_pb2.ReprocessAssetsRequest(concurrency=1)
    call = processes.client.stub.ReprocessAssets(request)
    assert [next(call).done_count for _ in range(3)] == [0, 1, 2]
    call.cancel()
    left = next(processes.client.stub.ReprocessAssets(request)).total_count
    assert 0 <= left <= count - 2
    until(
        lambda: list(processes.client.stub.ReprocessAssets(request))[-1],
        lambda last: last.total_count == last.done_count,
    )
    assert {one.recipe_version for one in processes.client.list_assets()} == {newer}


def test_an_asset_that_cannot_be_rebuilt_does_not_stop_the_others(processes: Processes) -> None:
    broken, whole = (processes.client.ingest([picture()]).asset for _ in range(2))
    processes.needs.storage.delete(broken.renditions[0].storage_key)
    request = ingest_pb2.ReprocessAssetsRequest(asset_ids=[broken.id, whole.id, "unknown"])
    last = list(processes.client.stub.ReprocessAssets(request))[-1]
    assert (last.total_count, last.done_count, last.failed_count) == (2, 1, 1)


def test_a_rebuild_of_too_many_at_once_is_refused(processes: Processes) -> None:
    request = ingest_pb2.ReprocessAssetsRequest(concurrency=65)
    with pytest.raises(errors.InvalidArgument, match="not 65"), errors.client_errors():
        list(processes.client.stub.ReprocessAssets(request))
