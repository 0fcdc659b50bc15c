"""Workers that die, hang or want too much end one image's work and nothing else."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest

from imaging.errors import DamagedImage, DecoderCrashed, DecoderTimeout, WorkersLost
from imaging.facts import ImageFacts
from imaging.limits import Limits
from imaging.spec import ProcessSpec
from services.imaging.exchange import Exchange
from services.imaging.pool import CANCELLED, PoolLimits, WorkerPool
from tests.services.imaging.misbehave import MAGIC, misbehave

LIMITS = PoolLimits(workers=2, task_s=3.0, memory_bytes=512 << 20, threads=1)
SPEC = ProcessSpec()
PNG = cv2.imencode(".png", np.full((8, 8, 3), 77, np.uint8))[1].tobytes()


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(LIMITS, Limits(), misbehave) as pool:
        pool.warm_up()
        yield pool


def work(pool: WorkerPool, content: bytes) -> list[object]:
    with Exchange() as exchange:
        exchange.append(content)
        return list(pool.run(exchange, SPEC, lambda: None))


def assert_serves(pool: WorkerPool) -> None:
    (facts,) = work(pool, PNG)
    assert isinstance(facts, ImageFacts)
    assert facts.colors[0].rgb == 0x4D4D4D


def kill_workers() -> None:
    for child in psutil.Process().children(recursive=True):
        # A worker of an earlier round may still be there as a zombie, or be gone by now.
        with suppress(psutil.NoSuchProcess):
            if "spawn_main" in " ".join(child.cmdline()):
                child.kill()


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def is_memory(path: Path) -> bool:
    try:
        return "memfd:tintype" in str(path.readlink())
    except FileNotFoundError:
        return False


def test_a_crash_ends_one_image(pool: WorkerPool) -> None:
    for _ in range(3):
        with pytest.raises(DecoderCrashed, match="ended its decoder process"):
            work(pool, MAGIC + b"crash")
    assert_serves(pool)


def test_a_hang_is_ended_at_the_limit(pool: WorkerPool) -> None:
    started = time.monotonic()
    with pytest.raises(DecoderTimeout, match="longer than 3 seconds"):
        work(pool, MAGIC + b"hang")
    assert time.monotonic() - started < 6
    assert_serves(pool)


def test_wanting_too_much_memory_ends_one_image(pool: WorkerPool) -> None:
    with pytest.raises(DecoderCrashed, match="more than 512 MiB"):
        work(pool, MAGIC + b"hoard")
    assert_serves(pool)


def test_a_crash_leaves_work_that_runs_beside_it_alone(pool: WorkerPool) -> None:
    beside: list[object] = []
    other = threading.Thread(target=lambda: beside.append(work(pool, MAGIC + b"linger")))
    other.start()
    with pytest.raises(DecoderCrashed):
        work(pool, MAGIC + b"crash")
    other.join()
    assert beside == [[]]


def test_what_is_wrong_with_the_image_comes_back_as_it_was_raised(pool: WorkerPool) -> None:
    with pytest.raises(DamagedImage, match="breaks off"):
        work(pool, PNG[:-4])


def test_idle_workers_that_the_system_ends_are_replaced(pool: WorkerPool) -> None:
    assert_serves(pool)
    kill_workers()
    time.sleep(0.5)
    assert_serves(pool)


def test_an_image_that_comes_when_idle_workers_end_is_not_to_blame(pool: WorkerPool) -> None:
    for _ in range(20):
        assert_serves(pool)
        kill_workers()
        # The pool looks after its workers ten times a second, and may just have done so.
        with suppress(WorkersLost):
            work(pool, PNG)
            continue
        break
    else:
        pytest.fail("the pool was never too late")
    assert WorkersLost.retry_after_s > 0
    assert_serves(pool)


def test_a_task_that_nobody_waits_for_is_ended(pool: WorkerPool) -> None:
    with Exchange() as exchange:
        exchange.append(MAGIC + b"hang")
        events = pool.run(exchange, SPEC, lambda: None)
        threading.Timer(0.5, exchange.tell, [CANCELLED]).start()
        started = time.monotonic()
        assert list(events) == []
        assert time.monotonic() - started < 2.5
    assert_serves(pool)


def test_nothing_stays_open(pool: WorkerPool) -> None:
    assert_serves(pool)
    before = open_files()
    for _ in range(20):
        assert_serves(pool)
    # Each image has three of its own; a worker that is being replaced has some as well.
    assert open_files() < before + 20
    with pytest.raises(DecoderCrashed):
        work(pool, MAGIC + b"crash")
    assert not [path for path in Path("/proc/self/fd").iterdir() if is_memory(path)]


def test_a_worker_is_free_again_though_nobody_reads_what_it_made(pool: WorkerPool) -> None:
    done = threading.Event()
    with Exchange() as exchange:
        exchange.append(PNG)
        events = pool.run(exchange, SPEC, done.set)
        assert isinstance(next(events), ImageFacts)
        assert done.wait(5)
        assert list(events) == []


HANGS = """
from services.imaging.exchange import Exchange
from services.imaging.pool import WorkerPool
from tests.services.imaging.test_pool import LIMITS, Limits, MAGIC, SPEC, misbehave
if __name__ == "__main__":
    with WorkerPool(LIMITS, Limits(), misbehave) as pool, Exchange() as exchange:
        pool.warm_up()
        exchange.append(MAGIC + b"hang")
        events = pool.run(exchange, SPEC, lambda: None)
        print("hanging", flush=True)
        next(events)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_a_worker_that_hangs_dies_with_its_service(tmp_path: Path) -> None:
    script = tmp_path / "hangs.py"
    script.write_text(HANGS)
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": "."}
    ) as service:
        assert service.stdout is not None
        assert service.stdout.readline() == b"hanging\n"
        time.sleep(0.5)
        workers = psutil.Process(service.pid).children(recursive=True)
        service.kill()
    assert workers
    assert not psutil.wait_procs(workers, timeout=10)[1]
