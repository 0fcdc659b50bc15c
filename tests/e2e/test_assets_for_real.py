"""One photograph's way through four processes, seen from outside."""

import io
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Self

import pytest
import urllib3
from PIL import Image

from tests.pictures import crops, photographs
from tests.stack import Stack
from tintype.errors import InvalidArgument
from tintype.ingest.client import IngestClient
from tintype.ingest.v1 import asset_pb2, ingest_pb2
from tintype.storage.client import StorageClient

MIB = 1024 * 1024
WIDTHS = {"preview": 800, "small": 320, "medium": 1280, "large": 1920}


@pytest.fixture(scope="module")
def client(stack: Stack) -> Iterator[IngestClient]:
    with IngestClient(stack.settings.reach("ingest")) as ingest:
        yield ingest


def fetch(rendition: asset_pb2.Rendition) -> tuple[urllib3.BaseHTTPResponse, Image.Image]:
    """Open a URL as a browser would."""
    answer = urllib3.request("GET", rendition.url, timeout=10, retries=False)
    assert answer.status == 200, rendition.url
    image = Image.open(io.BytesIO(answer.data))
    image.load()
    return answer, image


@pytest.mark.parametrize("photograph", photographs(), ids=lambda path: path.name)
def test_every_url_gives_an_image_of_the_stated_width(
    client: IngestClient, photograph: object
) -> None:
    path = next(one for one in photographs() if one == photograph)
    asset = client.ingest_file(path, timeout_s=60).asset
    assert [one.name for one in asset.renditions] == ["original", *WIDTHS]
    assert len(asset.colors) == 5
    for rendition in asset.renditions:
        answer, image = fetch(rendition)
        expected_px = min(WIDTHS.get(rendition.name, asset.width_px), asset.width_px)
        assert image.width == rendition.width_px == expected_px
        assert answer.headers["Content-Type"] == rendition.content_type
        assert answer.headers["Content-Length"] == str(len(answer.data))
        assert answer.headers["ETag"] == f'"{rendition.etag}"'
    original = urllib3.request("GET", asset.renditions[0].url).data
    assert original == path.read_bytes()
    assert asset.sha256 == sha256(original).digest()


def test_a_refused_file_leaves_nothing_in_the_store(stack: Stack, client: IngestClient) -> None:
    with StorageClient(stack.settings.reach("storage")) as storage:
        before = [info.key for info in storage.list(timeout_s=10)]
        with pytest.raises(InvalidArgument, match="PDF"):
            client.ingest([b"%PDF-1.7\n" + b"x" * 3 * MIB], timeout_s=60)
        assert [info.key for info in storage.list(timeout_s=10)] == before


def test_a_deleted_asset_takes_its_objects_along(stack: Stack, client: IngestClient) -> None:
    (crop,) = crops(1)
    asset = client.ingest([crop], timeout_s=60).asset
    client.delete_asset(asset.id, timeout_s=10)
    with StorageClient(stack.settings.reach("storage")) as storage:
        assert all(
            storage.head_or_none(one.storage_key, timeout_s=10) is None for one in asset.renditions
        )
    assert urllib3.request("GET", asset.renditions[1].url, retries=False).status == 404


class RssWatch:
    """Samples a process's resident memory in a thread of its own."""

    def __init__(self, stack: Stack, name: str) -> None:
        self._stack, self._name = stack, name
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample)
        self.highest_bytes = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._stop.wait(0.02):
            self.highest_bytes = max(self.highest_bytes, self._stack.rss_bytes(self._name))


def test_200_photographs_from_8_callers_leave_the_orchestrators_memory_flat(
    stack: Stack, client: IngestClient
) -> None:
    pictures = list(crops(200, extra_bytes=500_000))

    def ingest(number: int) -> asset_pb2.Asset:
        options = ingest_pb2.IngestOptions(owner="many", external_id=f"n-{number}")
        done = client.ingest([pictures[number]], options, timeout_s=120)
        assert not done.existed
        return done.asset

    # Against eight in hand, not against rest: what stays is looked for, not what passes.
    with ThreadPoolExecutor(8) as callers:
        with RssWatch(stack, "ingest") as before:
            first = list(callers.map(ingest, range(40)))
        with RssWatch(stack, "ingest") as watch:
            assets = first + list(callers.map(ingest, range(40, 200)))
    grown = watch.highest_bytes - before.highest_bytes
    assert grown < 24 * MIB, f"grew by {grown / MIB:.1f} MiB over 160 photographs"
    assert len({asset.id for asset in assets}) == 200
    listed = {asset.id for asset in client.list_assets("many", timeout_s=10)}
    assert listed == {asset.id for asset in assets}
    for asset, picture in zip(assets, pictures, strict=True):
        assert asset.sha256 == sha256(picture).digest()


def test_a_photograph_of_60_mb_passes_through_without_being_held(
    stack: Stack, client: IngestClient
) -> None:
    encoded = io.BytesIO()
    Image.open(photographs()[0]).convert("RGB").resize((4500, 4500)).save(
        encoded, "PNG", compress_level=0
    )
    content = encoded.getvalue()
    before_bytes = stack.rss_bytes("ingest")
    with RssWatch(stack, "ingest") as watch:
        asset = client.ingest([content], timeout_s=120).asset
    assert asset.size_bytes == len(content) > 60_000_000
    grown = watch.highest_bytes - before_bytes
    # What gRPC itself buffers on three streams; the file held whole would come on top.
    assert grown < 0.95 * len(content), f"grew by {grown / MIB:.1f} MiB"
