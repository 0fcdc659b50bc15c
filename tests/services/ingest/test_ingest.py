"""One image through storage, imaging and ingest, for real; and all the ways it can fail."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import cv2
import numpy as np
import pytest
from crc32c import crc32c

from services.imaging.pool import WorkerPool
from tests.services.ingest.processes import Processes, imaging_pool, start
from tintype import errors
from tintype.framing import ChunkFrame
from tintype.ingest.v1 import asset_pb2, ingest_pb2

Options = ingest_pb2.IngestOptions


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with imaging_pool() as pool:
        yield pool


@pytest.fixture
def processes(tmp_path: Path, pool: WorkerPool) -> Iterator[Processes]:
    with start(tmp_path, pool) as processes:
        yield processes


@pytest.fixture
def processes_with_jobs(tmp_path: Path, pool: WorkerPool) -> Iterator[Processes]:
    with start(tmp_path, pool, jobs=True) as processes:
        yield processes


def picture(width: int = 640, height: int = 400, suffix: str = ".jpg") -> bytes:
    """Make a picture with five plain stripes; nothing in it is random."""
    image = np.zeros((height, width, 3), np.uint8)
    colors = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (0, 255, 255), (255, 255, 255)]
    for number, color in enumerate(colors):
        image[:, number * width // 5 : (number + 1) * width // 5] = color
    return cv2.imencode(suffix, image)[1].tobytes()


def until_empty(processes: Processes) -> list[str]:
    """Wait for a clean-up that goes on after the caller was answered."""
    deadline = time.monotonic() + 10
    while processes.keys() and time.monotonic() < deadline:
        time.sleep(0.05)
    return processes.keys()


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


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no bytes"),
        (b"%PDF-1.7 and so on", "PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"just some text", "text"),
    ],
)
def test_what_is_no_image_is_refused_and_leaves_nothing(
    processes: Processes, content: bytes, says: str
) -> None:
    with pytest.raises(errors.InvalidArgument, match=says) as caught:
        processes.client.ingest([content] if content else [])
    assert caught.value.reason == "UNSUPPORTED_FORMAT"
    assert until_empty(processes) == []


def test_an_image_that_breaks_off_is_refused_and_leaves_nothing(processes: Processes) -> None:
    with pytest.raises(errors.InvalidArgument) as caught:
        processes.client.ingest([picture()[:-500]])
    assert caught.value.reason == "DAMAGED_IMAGE"
    assert until_empty(processes) == []
    assert list(processes.client.list_assets()) == []


def test_an_image_too_large_is_refused_before_its_bytes_are_sent(processes: Processes) -> None:
    sent = []

    def chunks() -> Iterator[bytes]:
        for _ in range(65):
            sent.append(1)
            yield bytes(1024 * 1024)

    with pytest.raises(errors.InvalidArgument, match="at most 67108864"):
        processes.client.ingest(chunks(), size_bytes=65 * 1024 * 1024)
    assert len(sent) < 65


def stream(*parts: object) -> Iterator[object]:
    """Yield request messages as a caller of its own making might."""
    yield ingest_pb2.IngestRequest(header=ingest_pb2.IngestHeader())
    yield from parts


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ("chunk", "CHECKSUM_MISMATCH"),
        ("whole", "CHECKSUM_MISMATCH"),
        ("size", "SIZE_MISMATCH"),
        ("finish", "INCOMPLETE_STREAM"),
    ],
)
def test_a_stream_that_is_not_what_it_says_leaves_nothing(
    processes: Processes, spoil: str, reason: str
) -> None:
    content = picture()
    crc = crc32c(content)
    chunk = ChunkFrame(content, crc ^ (spoil == "chunk"))
    finish = ingest_pb2.IngestRequest(
        finish=ingest_pb2.Finish(
            size_bytes=len(content) + (spoil == "size"), crc32c=crc ^ (spoil == "whole")
        )
    )
    parts = (chunk,) if spoil == "finish" else (chunk, finish)
    with pytest.raises(errors.DataLoss) as caught, errors.client_errors():
        list(processes.client.stub.Ingest(stream(*parts)))
    assert caught.value.reason == reason
    assert until_empty(processes) == []


def test_a_caller_whose_file_cannot_be_read_gets_its_own_error_back(processes: Processes) -> None:
    def chunks() -> Iterator[bytes]:
        yield picture()[:1000]
        raise OSError("the stick was pulled out")

    with pytest.raises(OSError, match="pulled out"):
        processes.client.ingest(chunks())
    assert until_empty(processes) == []


def test_a_caller_who_goes_away_leaves_nothing(processes: Processes) -> None:
    content = picture()

    def slow() -> Iterator[object]:
        yield from stream(ChunkFrame(content[:5000], crc32c(content[:5000])))
        time.sleep(30)

    call = processes.client.stub.Ingest(slow())
    assert next(call).WhichOneof("event") == "accepted"
    call.cancel()
    assert until_empty(processes) == []
    assert processes.client.ingest([content]).asset.id


def test_a_caller_who_goes_away_after_the_commit_loses_nothing(processes: Processes) -> None:
    content = picture()
    finish = ingest_pb2.Finish(size_bytes=len(content), crc32c=crc32c(content))
    parts = (ChunkFrame(content, crc32c(content)), ingest_pb2.IngestRequest(finish=finish))
    for _ in range(5):
        call = processes.client.stub.Ingest(stream(*parts))
        asset = next(event.done.asset for event in call if event.WhichOneof("event") == "done")
        call.cancel()
        del call
        time.sleep(0.1)
        for rendition in asset.renditions:
            assert processes.needs.storage.head(rendition.storage_key).etag == rendition.etag


def test_without_imaging_the_asset_is_handed_to_a_job(
    processes_with_jobs: Processes,
) -> None:
    processes = processes_with_jobs
    address = processes.imaging.address
    processes.imaging.drain(0)
    content = picture()
    asset = processes.client.ingest([content], timeout_s=5).asset
    assert asset.state == asset_pb2.ASSET_STATE_PROCESSING
    assert asset.sha256 == sha256(content).digest()
    assert processes.keys() == [asset.renditions[0].storage_key]
    processes.restart_imaging(address)
    deadline = time.monotonic() + 60
    while asset.state == asset_pb2.ASSET_STATE_PROCESSING and time.monotonic() < deadline:
        time.sleep(0.1)
        asset = processes.client.get_asset(asset.id)
    assert asset.state == asset_pb2.ASSET_STATE_DRAFT
    assert len(asset.colors) == 5
    assert sorted(processes.keys()) == sorted(one.storage_key for one in asset.renditions)


def test_imaging_may_be_away_for_a_moment(processes: Processes) -> None:
    """The upload goes on meanwhile, and the derivatives are made when imaging is back."""
    address = processes.imaging.address
    processes.imaging.drain(0)

    def chunks() -> Iterator[bytes]:
        content = picture()
        yield content[:5000]
        back.start()
        yield content[5000:]

    def come_back() -> None:
        time.sleep(1)
        processes.restart_imaging(address)

    back = threading.Thread(target=come_back)
    asset = processes.client.ingest(chunks(), timeout_s=15).asset
    back.join()
    assert len(asset.renditions) == 5
    assert len(asset.colors) == 5
    assert sorted(processes.keys()) == sorted(one.storage_key for one in asset.renditions)


def test_without_storage_the_caller_is_told(processes: Processes) -> None:
    processes.storage.drain(0)
    with pytest.raises((errors.Unavailable, errors.DeadlineExceeded)):
        processes.client.ingest([picture()], timeout_s=5)
    assert list(processes.client.list_assets()) == []


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
