"""A service that has as much to do as it can hold."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from imaging.limits import Limits
from services.imaging.build import build
from services.imaging.pool import PoolLimits, WorkerPool
from services.imaging.settings import ImagingSettings
from tests.imaging.made import corners, save
from tests.services.imaging.misbehave import MAGIC, misbehave
from tintype.errors import Aborted, DeadlineExceeded, ResourceExhausted
from tintype.imaging.client import ImagingClient

GIF = save(corners(), "GIF")
LINGER = MAGIC + b"linger"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """One worker, and room for three more calls; one caller may have three of the four."""
    settings = ImagingSettings(
        tintype_imaging_listen="127.0.0.1:0", tintype_imaging_workers=1, tintype_imaging_queue=3
    )
    limits = PoolLimits(workers=1, task_s=4.0, memory_bytes=512 << 20, threads=1)
    with WorkerPool(limits, Limits(), misbehave) as pool:
        server = build(settings, pool)
        pool.warm_up()
        server.start()
        yield server.address
        server.drain(1.0)


@pytest.fixture
def client(address: str) -> Iterator[ImagingClient]:
    with ImagingClient(address) as client:
        yield client


def slow_upload(started: threading.Event, end: threading.Event) -> Iterator[bytes]:
    yield LINGER
    started.set()
    end.wait(10)


def test_beyond_the_queue_it_says_when_to_come_back(client: ImagingClient) -> None:
    end = threading.Event()
    started = [threading.Event() for _ in range(3)]
    with ThreadPoolExecutor(3) as callers:
        running = [callers.submit(client.palette, slow_upload(event, end), 5) for event in started]
        assert all(event.wait(5) for event in started)
        before = time.monotonic()
        with pytest.raises(ResourceExhausted) as caught:
            client.palette([LINGER])
        assert time.monotonic() - before < 1
        # There is one place left, and it is kept for others.
        client.inspect([GIF], owner="somebody else")
        end.set()
        assert caught.value.reason == "OVERLOADED"
        assert caught.value.retry_after_s == 1.0
        assert [call.result() for call in running] == [[], [], []]


def test_work_whose_caller_left_is_dropped_before_it_starts(
    client: ImagingClient, tmp_path: Path
) -> None:
    marks = [tmp_path / "left", tmp_path / "stayed"]
    with ThreadPoolExecutor(2) as callers:
        busy = callers.submit(client.palette, [LINGER])
        time.sleep(0.3)
        stays = callers.submit(client.palette, [MAGIC + b"touch " + str(marks[1]).encode()])
        with pytest.raises(DeadlineExceeded):
            client.palette([MAGIC + b"touch " + str(marks[0]).encode()], timeout_s=0.5)
        busy.result()
        stays.result()
    assert [mark.exists() for mark in marks] == [False, True]


@pytest.mark.parametrize(
    ("word", "reason"), [(b"crash", "DECODER_CRASHED"), (b"hang", "DECODER_TIMEOUT")]
)
def test_an_image_that_ends_its_worker_is_named_as_such(
    client: ImagingClient, word: bytes, reason: str
) -> None:
    with pytest.raises(Aborted) as caught:
        client.palette([MAGIC + word])
    assert caught.value.reason == reason
    assert client.palette([LINGER]) == []
