"""All the ways in which an ingest can fail: the caller is told, and nothing is left."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import grpc
import pytest
from crc32c import crc32c

from tests.services.ingest.jobs.calls import until_ended
from tests.services.ingest.processes import Processes, picture
from tintype import errors
from tintype.framing import ChunkFrame
from tintype.ingest.v1 import asset_pb2, ingest_pb2

Options = ingest_pb2.IngestOptions


def until_empty(processes: Processes) -> list[str]:
    """Wait for a clean-up that goes on after the caller was answered."""
    deadline = time.monotonic() + 10
    while processes.keys() and time.monotonic() < deadline:
        time.sleep(0.05)
    return processes.keys()


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


def test_what_imaging_takes_too_long_over_is_handed_to_a_job(
    processes_with_jobs: Processes,
) -> None:
    processes = processes_with_jobs
    address = processes.imaging.address
    processes.imaging.drain(0)
    ended = threading.Event()

    class Silent(grpc.GenericRpcHandler):
        def service(self, _details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
            return grpc.stream_stream_rpc_method_handler(lambda *_: iter([ended.wait(20)][:0]))

    silent = grpc.server(ThreadPoolExecutor(4), handlers=[Silent()])
    silent.add_insecure_port(address)
    silent.start()
    asset = processes.client.ingest([picture()], timeout_s=5).asset
    ended.set()
    silent.stop(0).wait()
    assert asset.state == asset_pb2.ASSET_STATE_PROCESSING
    processes.restart_imaging(address)
    whole = until_ended(processes.client, asset, 60)
    assert whole.state == asset_pb2.ASSET_STATE_DRAFT
    assert sorted(processes.keys()) == sorted(one.storage_key for one in whole.renditions)


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


@pytest.mark.parametrize("sent_before", [0, 5000, 400_000])
def test_storage_may_be_away_for_a_moment(processes: Processes, sent_before: int) -> None:
    """What had been sent is sent again, and then the rest of the upload."""
    address = processes.storage.address
    content = picture(2000, 1500, ".png") + bytes(500_000)

    def chunks() -> Iterator[bytes]:
        for start in range(0, len(content), 50_000):
            if start >= sent_before and not away.is_set():
                away.set()
                processes.storage.drain(0)
                back.start()
            yield content[start : start + 50_000]

    def come_back() -> None:
        time.sleep(1)
        processes.restart_storage(address)

    away, back = threading.Event(), threading.Thread(target=come_back)
    asset = processes.client.ingest(chunks(), timeout_s=15).asset
    back.join()
    with processes.needs.storage.get(asset.renditions[0].storage_key) as original:
        assert original.read() == content
    assert len(asset.renditions) == 5
    assert sorted(processes.keys()) == sorted(one.storage_key for one in asset.renditions)


def test_without_storage_the_caller_is_told(processes: Processes) -> None:
    processes.storage.drain(0)
    with pytest.raises((errors.Unavailable, errors.DeadlineExceeded)):
        processes.client.ingest([picture()], timeout_s=5)
    assert list(processes.client.list_assets()) == []
