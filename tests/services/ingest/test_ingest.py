"""One image through storage, imaging and ingest, for real."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import cv2
import numpy as np
import pytest

from tests.services.ingest.processes import Processes, picture
from tintype import errors
from tintype.ingest.v1 import asset_pb2, ingest_pb2

Options = ingest_pb2.IngestOptions


def test_a_picture_becomes_a_whole_asset(processes: Processes) -> None:
    content = picture(2400, 1500)
    events: list[str | None] = []
    done = processes.client.ingest(
        [content[:100], content[100:]],
        Options(owner="ann", file_name="Stripes.jpg"),
        on_event=lambda event: events.append(event.WhichOneof("event")),
    )
    asset = done.asset
    assert events == ["accepted", "stored", *["rendition"] * 4]
    assert not done.existed
    assert asset.state == asset_pb2.ASSET_STATE_DRAFT
    assert (asset.width_px, asset.height_px, asset.format) == (2400, 1500, "jpeg")
    assert asset.sha256 == sha256(content).digest()
    widths = {rendition.name: rendition.width_px for rendition in asset.renditions}
    assert widths == {"original": 2400, "preview": 800, "small": 320, "medium": 1280, "large": 1920}
    assert len(asset.colors) == 5
    assert sum(color.share for color in asset.colors) == pytest.approx(1, abs=1e-4)
    stored = {one.name: processes.needs.storage.get(one.storage_key) for one in asset.renditions}
    assert stored["original"].read() == content
    for rendition in asset.renditions:
        reader = processes.needs.storage.get(rendition.storage_key)
        decoded = cv2.imdecode(np.frombuffer(reader.read(), np.uint8), cv2.IMREAD_COLOR)
        assert decoded.shape[:2] == (rendition.height_px, rendition.width_px)
        assert reader.info.content_type == rendition.content_type == "image/jpeg"
    assert processes.client.get_asset(asset.id, "ann") == asset
    assert sorted(processes.keys()) == sorted(one.storage_key for one in asset.renditions)


def test_a_tiny_picture_has_every_url_and_is_never_enlarged(processes: Processes) -> None:
    asset = processes.client.ingest([picture(1, 1, ".png")]).asset
    assert [one.name for one in asset.renditions] == [
        "original",
        "preview",
        "small",
        "medium",
        "large",
    ]
    assert {(one.width_px, one.height_px) for one in asset.renditions} == {(1, 1)}
    assert len(asset.colors) == 5
    assert len({one.url for one in asset.renditions}) == 5


@pytest.mark.parametrize(
    ("source", "state"),
    [
        ("ASSET_SOURCE_UPLOAD", asset_pb2.ASSET_STATE_DRAFT),
        ("ASSET_SOURCE_AI", asset_pb2.ASSET_STATE_DRAFT),
        ("ASSET_SOURCE_DISCORD", asset_pb2.ASSET_STATE_QUEUED),
        ("ASSET_SOURCE_PINTEREST", asset_pb2.ASSET_STATE_QUEUED),
    ],
)
def test_moderated_sources_wait_in_the_queue(processes: Processes, source: str, state: int) -> None:
    assert processes.client.ingest([picture(20, 10)], Options(source=source)).asset.state == state


def test_the_same_external_id_is_the_same_asset_and_stores_nothing_twice(
    processes: Processes,
) -> None:
    first = processes.client.ingest([picture()], Options(external_id="m1"))
    keys = processes.keys()
    again = processes.client.ingest([picture(300, 200)], Options(external_id="m1"))
    assert again.existed
    assert again.asset == first.asset
    assert processes.keys() == keys
    other = processes.client.ingest([picture()], Options(external_id="m1", owner="bob"))
    assert not other.existed


def test_twenty_who_bring_the_same_one_at_once_get_one_asset(processes: Processes) -> None:
    content = picture(200, 100)

    def bring(_number: int) -> asset_pb2.Asset:
        return processes.client.ingest([content], Options(external_id="m1")).asset

    with ThreadPoolExecutor(20) as threads:
        assets = list(threads.map(bring, range(20)))
    assert all(asset == assets[0] for asset in assets)
    assert len(processes.keys()) == 5
    assert len(list(processes.client.list_assets())) == 1


def test_the_same_bytes_are_the_same_asset_for_those_who_ask_for_that(
    processes: Processes,
) -> None:
    first = processes.client.ingest([picture()])
    again = processes.client.ingest([picture()], Options(dedupe=True))
    assert again.existed
    assert again.asset == first.asset
    assert len(processes.keys()) == 5
    assert not processes.client.ingest([picture()]).existed


def test_twenty_equal_ones_at_once_are_one_asset_for_those_who_ask_for_that(
    processes: Processes,
) -> None:
    content, options = picture(), ingest_pb2.IngestOptions(dedupe=True)
    with ThreadPoolExecutor(20) as callers:
        answers = list(
            callers.map(lambda _: processes.client.ingest([content], options), range(20))
        )
    assert sorted(answer.existed for answer in answers) == [False] + [True] * 19
    (asset,) = processes.client.list_assets()
    assert {answer.asset.id for answer in answers} == {asset.id}
    processes.collect()
    assert sorted(processes.keys()) == sorted(one.storage_key for one in asset.renditions)


def test_a_deleted_asset_is_gone_with_all_its_objects(processes: Processes) -> None:
    asset = processes.client.ingest([picture()]).asset
    processes.client.delete_asset(asset.id)
    assert processes.keys() == []
    with pytest.raises(errors.NotFound):
        processes.client.get_asset(asset.id)
    with pytest.raises(errors.NotFound):
        processes.client.delete_asset(asset.id)


def test_a_rejected_asset_loses_its_bytes_and_does_not_come_back(processes: Processes) -> None:
    options = Options(external_id="m1", source=asset_pb2.ASSET_SOURCE_DISCORD)
    asset = processes.client.ingest([picture()], options).asset
    processes.client.stub.RejectAsset(ingest_pb2.RejectAssetRequest(id=asset.id, reason="no"))
    assert processes.keys() == []
    again = processes.client.ingest([picture()], options)
    assert again.existed
    assert again.asset.state == asset_pb2.ASSET_STATE_REJECTED
    assert processes.keys() == []


def test_what_is_not_there_yet_says_its_name(processes: Processes) -> None:
    with pytest.raises(errors.Unimplemented, match="IssueUrl"), errors.client_errors():
        processes.client.stub.IssueUrl(ingest_pb2.IssueUrlRequest(asset_id="x"))
