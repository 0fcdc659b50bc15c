"""Jobs from one caller and from eight: in worker processes, and through the service."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

import cv2

from bench.imaging_jobs import Job, tintype
from services.imaging.build import build, build_pool
from services.imaging.settings import ImagingSettings
from services.imaging.worker import reuse_pixel_buffers
from tintype.imaging.client import ImagingClient
from tintype.imaging.v1 import imaging_pb2 as pb

CALLERS = 8
WARM_UP = 2 * (os.cpu_count() or 1)  # jobs, so that every process has seen one
_CHUNK_BYTES = 1 << 20


def per_job_ms(work: Callable[[], object], count: int, callers: int) -> float:
    """Return milliseconds of wall time for each of `count` jobs that `callers` threads share."""
    start = time.perf_counter()
    with ThreadPoolExecutor(callers) as pool:
        for done in [pool.submit(work) for _ in range(count)]:
            done.result()
    return (time.perf_counter() - start) * 1e3 / count


@contextmanager
def workers() -> Iterator[Callable[[Job], object]]:
    """Give a function that does a job in one of as many processes as there are cores."""
    cores = os.cpu_count() or 1
    with get_context("spawn").Pool(cores, _prepare) as pool:
        pool.map(_warm, range(4 * cores), 1)
        yield lambda job: pool.apply(tintype, (job, 1))


def _prepare() -> None:
    """As the product's own workers are."""
    reuse_pixel_buffers()
    cv2.setNumThreads(1)


def _warm(_: int) -> None:
    time.sleep(0.05)


@contextmanager
def service() -> Iterator[Callable[[Job], object]]:
    """Give a function that does a job through an ImagingService on loopback."""
    settings = ImagingSettings(listen="127.0.0.1:0", queue=64)
    with build_pool(settings) as pool:
        pool.warm_up()
        server = build(settings, pool)
        server.start()
        try:
            with ImagingClient(server.address) as client:
                yield lambda job: _call(client, job)
        finally:
            server.drain(1)


def _call(client: ImagingClient, job: Job) -> dict[str, bytes]:
    spec = pb.ProcessSpec(
        renditions=[
            pb.RenditionSpec(
                name=str(width),
                width_px=width,
                format=getattr(pb, f"IMAGE_FORMAT_{job.output.format.name}"),
                quality=job.output.quality,
            )
            for width in job.widths
        ]
    )
    whole = memoryview(job.encoded)
    chunks = (whole[i : i + _CHUNK_BYTES] for i in range(0, len(whole), _CHUNK_BYTES))
    with client.process(chunks, spec, timeout_s=120) as answer:
        return {one.header.name: b"".join(map(bytes, one.chunks)) for one in answer.renditions()}
