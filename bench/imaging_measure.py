"""One job measured: times from one caller and from eight, interleaved, and what came out."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np
from PIL import Image

from bench.imaging_callers import CALLERS, WARM_UP, per_job_ms, service, workers
from bench.imaging_jobs import Encoded, Job, decoded, floor_of, pillow, tintype, vips
from bench.imaging_quality import reference, ssim
from bench.imaging_sharp import Arrangement, Sharp

Times = dict[str, list[float]]
Way = Callable[[Job], Encoded]


@dataclass(frozen=True)
class Rounds:
    """How often a job is done.

    Attributes:
        one: rounds of one job for one caller.
        eight: rounds of jobs that eight callers share.
        jobs: jobs in such a round.
    """

    one: int
    eight: int
    jobs: int


def measure(job: Job, sharp: Sharp, rounds: Rounds, *, eight: bool) -> dict[str, Any]:
    """Return everything about one photograph and one format, ready for JSON."""
    wall, cpu = _one_caller(job, sharp, rounds.one)
    fair = [one for one in sharp.arrangements if not one.own_effort]
    best = min(fair, key=lambda a: median(wall[str(a)]))
    found = {
        "photograph": f"{job.photograph.width}x{job.photograph.height} {job.photograph.name}",
        "native": job.photograph.native,
        "format": job.output.name,
        "sharp": str(best),
        "one_caller_ms": {name: median(times) for name, times in wall.items()},
        "one_caller_cpu_ms": {name: median(times) for name, times in cpu.items()},
        "quality": _quality(job, sharp, best),
    }
    if eight:
        found["eight_callers_ms"] = _eight_callers(job, sharp, rounds)
    return found


def _one_caller(job: Job, sharp: Sharp, rounds: int) -> tuple[Times, Times]:
    """Every way in turn, again and again, so that a slow moment hits all alike."""
    ways: dict[str, Way] = {
        "tintype": tintype,
        "floor": floor_of(job),
        "pyvips": vips,
        "Pillow": pillow,
    }
    wall: Times = {}
    cpu: Times = {}
    with service() as call:
        for nth in range(rounds + 1):
            for name, way in {**ways, "tintype service": call}.items():
                start, used = time.perf_counter(), time.process_time()
                way(job)
                if nth:  # the first round warms up
                    wall.setdefault(name, []).append((time.perf_counter() - start) * 1e3)
                    cpu.setdefault(name, []).append((time.process_time() - used) * 1e3)
            for arrangement in sharp.arrangements:
                took, used = sharp.run(job, arrangement)
                if nth:
                    wall.setdefault(str(arrangement), []).append(took)
                    cpu.setdefault(str(arrangement), []).append(used)
    del cpu["tintype service"]  # it works in other processes
    return wall, cpu


def _eight_callers(job: Job, sharp: Sharp, rounds: Rounds) -> dict[str, float]:
    """Milliseconds of wall time a job, the median of rounds of which the first only warms up."""
    found: Times = {}
    with workers() as in_worker, service() as call:
        for nth in range(rounds.eight + 1):
            jobs = rounds.jobs if nth else WARM_UP
            took = {
                "tintype": per_job_ms(lambda: in_worker(job), jobs, CALLERS),
                "tintype service": per_job_ms(lambda: call(job), jobs, CALLERS),
            }
            for arrangement in sharp.arrangements:
                took[str(arrangement)] = sharp.run(job, arrangement, count=jobs, callers=CALLERS)[0]
            for name, each in took.items() if nth else ():
                found.setdefault(name, []).append(each)
    return {name: median(times) for name, times in found.items()}


def _quality(job: Job, sharp: Sharp, best: Arrangement) -> list[dict[str, Any]]:
    """SSIM to the reference and bytes, for every width and way."""
    whole = decoded(job)
    made = {"tintype": tintype(job), "pyvips": vips(job), "Pillow": pillow(job)}
    with tempfile.TemporaryDirectory() as folder:
        sharp.run(job, best, save=Path(folder))
        made["sharp"] = {width: Path(folder, str(width)).read_bytes() for width in job.widths}
    rows = []
    for width, size in zip(job.widths, job.sizes, strict=True):
        wanted = reference(whole, size)
        row: dict[str, Any] = {"width": width, "ssim": {}, "bytes": {}}
        for name, encoded in made.items():
            shown = cv2.imdecode(np.frombuffer(encoded[width], np.uint8), cv2.IMREAD_COLOR)
            if shown.shape != wanted.shape:  # another way of rounding the height
                shown = np.asarray(Image.fromarray(shown).resize(size))
            row["ssim"][name] = round(ssim(np.asarray(shown, np.uint8), wanted), 4)
            row["bytes"][name] = len(encoded[width])
        rows.append(row)
    return rows
