"""Short words for the calls that tests of jobs make again and again."""

import time
from collections.abc import Callable, Iterable
from typing import TypeVar

import cv2
import numpy as np

from tintype.ingest.client import IngestClient
from tintype.ingest.v1 import asset_pb2, ingest_pb2

Seen = TypeVar("Seen")
UNFINISHED = (asset_pb2.ASSET_STATE_PROCESSING, asset_pb2.ASSET_STATE_PENDING)


def picture(seed: int = 0, width: int = 320, height: int = 200) -> bytes:
    """Make a picture of five stripes; every seed makes another."""
    image = np.zeros((height, width, 3), np.uint8)
    chance = np.random.default_rng(seed)
    for number in range(5):
        color = chance.integers(0, 256, 3)
        image[:, number * width // 5 : (number + 1) * width // 5] = color
    return cv2.imencode(".png", image)[1].tobytes()


def ok(content: bytes) -> bytes:
    """Answer with content."""
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content


def ingest_url(
    client: IngestClient, url: str, owner: str, *, wait: bool = True, **options: object
) -> ingest_pb2.IngestUrlResponse:
    """Call IngestUrl; a server of the tests is at any of their ports."""
    named = ingest_pb2.IngestOptions(owner=owner, **options)
    return client.ingest_url(url.replace("web.test", "127.0.0.1"), named, wait=wait, timeout_s=20)


def ingest_document(
    client: IngestClient, chunks: Iterable[bytes], owner: str, **options: object
) -> ingest_pb2.IngestDocumentResponse:
    """Call IngestDocument."""
    named = ingest_pb2.IngestOptions(owner=owner, **options)
    return client.ingest_document(chunks, named, timeout_s=20)


def until_ended(
    client: IngestClient, asset: asset_pb2.Asset, timeout_s: float = 30
) -> asset_pb2.Asset:
    """Wait until no job is at work on an asset any more."""
    return until(
        lambda: client.get_asset(asset.id, asset.owner),
        lambda found: found.state not in UNFINISHED,
        timeout_s,
    )


def until(look: Callable[[], Seen], good: Callable[[Seen], bool], timeout_s: float = 30) -> Seen:
    """Look until what is seen is good; returns what was seen last."""
    deadline = time.monotonic() + timeout_s
    while not good(seen := look()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return seen
