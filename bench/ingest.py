"""`make bench-ingest`: assets a second and latency from 1 to 32 callers, four processes.

Beside it, in the same rounds and through the same imaging process, what imaging alone
does with the same picture: the bound that ingest cannot pass. Once embedded (files and
SQLite), once on MinIO and Postgres; then again with a catalog that is full already.
QUICK=1 takes about a minute.
"""

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from bench import catalog
from bench.imaging_photographs import photographs
from bench.ingest_arrangements import ARRANGEMENTS, Arranged
from bench.ingest_chart import draw
from bench.machine import machine
from services.ingest.catalog.database import open_database
from services.ingest.recipe import process_spec
from tests.stack import NAMES, Stack
from tintype.errors import TintypeError
from tintype.imaging.client import ImagingClient
from tintype.ingest.client import IngestClient
from tintype.ingest.v1.ingest_pb2 import IngestOptions

QUICK = bool(os.environ.get("QUICK"))
RESULTS = Path("bench/results")
CALLERS = (1, 8) if QUICK else (1, 2, 4, 8, 16, 32)
ROUNDS = 2 if QUICK else 4
# Assets of the same owner that are there before, and how many callers then come.
FULL_ROWS = (1_000,) if QUICK else (1_000, 100_000)
FULL_CALLERS = 8
# The design's own measure: embedded, an empty catalog, eight callers.
MEASURED_AT = ("embedded", 0, 8)
TIMEOUT_S = 120.0


@dataclass(frozen=True)
class Row:
    """What came of one number of callers in one arrangement; medians over the rounds."""

    arrangement: str
    catalog_rows: int
    callers: int
    jobs_a_round: int
    ingest_a_second: float
    imaging_a_second: float
    ingest_vs_imaging: float
    p50_ms: float
    p99_ms: float
    imaging_p50_ms: float
    cpu_ms_an_asset: dict[str, float]


def main() -> None:
    """Measure, print, write the JSON and the picture."""
    photograph = photographs(Path(".tools/photographs"))[0]
    print(f"{photograph.width}x{photograph.height} JPEG, {photograph.native}")
    encoded = photograph.path.read_bytes()
    rows = [
        row
        for name, arrange in ARRANGEMENTS.items()
        for row in measure_arrangement(name, arrange, encoded)
    ]
    (main_row,) = [
        row for row in rows if (row.arrangement, row.catalog_rows, row.callers) == MEASURED_AT
    ]
    result = {
        "machine": machine("grpcio", "opencv-python-headless", "sqlalchemy"),
        "quick": QUICK,
        "picture": f"{photograph.width}x{photograph.height} JPEG, {len(encoded):,} bytes",
        "rows": [asdict(row) for row in rows],
        "fsync_ms": fsync_ms(),
        "ratios": {
            "ingest_vs_imaging": round(main_row.ingest_vs_imaging, 3),
            "p99_over_p50": round(main_row.p99_ms / main_row.p50_ms, 3),
        },
    }
    show(rows, result["ratios"])
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "ingest.json").write_text(json.dumps(result, indent=1) + "\n")
    draw(result, RESULTS / "ingest.png")


def measure_arrangement(name: str, arrange: Arranged, encoded: bytes) -> list[Row]:
    """Measure every number of callers, then one of them on a catalog that fills up."""
    with arrange() as (stack, database_url):
        rows = [measure(stack, (name, 0, callers), encoded) for callers in CALLERS]
        engine = open_database(database_url)
        there = 0
        for count in FULL_ROWS:
            catalog.fill(engine, there, count)
            there = count
            rows.append(measure(stack, (name, count, FULL_CALLERS), encoded))
        engine.dispose()
        return rows


def measure(stack: Stack, what: tuple[str, int, int], encoded: bytes) -> Row:
    """Let callers ingest, and in turns with it only process, the same picture.

    Args:
        stack: the processes.
        what: the arrangement's name, the rows in its catalog, and how many callers.
        encoded: the picture.
    """
    arrangement, catalog_rows, callers = what
    options = IngestOptions(owner=catalog.OWNER)
    spec = process_spec("auto", tolerate_truncated=False)
    jobs = 16 if QUICK else max(32, 2 * callers)
    with (
        IngestClient(stack.settings.reach("ingest")) as ingest,
        ImagingClient(stack.settings.reach("imaging")) as imaging,
    ):

        def process() -> None:
            with imaging.process([encoded], spec, timeout_s=TIMEOUT_S) as processed:
                for rendition in processed.renditions():
                    for _ in rendition.chunks:
                        pass

        def ingest_one() -> None:
            ingest.ingest([encoded], options, size_bytes=len(encoded), timeout_s=TIMEOUT_S)

        for warm_up in (process, ingest_one):
            timed(warm_up, callers, callers)
        rates: dict[str, list[float]] = {"process": [], "ingest": []}
        latencies: dict[str, list[float]] = {"process": [], "ingest": []}
        used: dict[str, float] = dict.fromkeys(NAMES, 0.0)
        for _ in range(ROUNDS):
            for name, work in (("process", process), ("ingest", ingest_one)):
                before = cpu_s(stack)
                seconds, took = timed(work, callers, jobs)
                if name == "ingest":
                    after = cpu_s(stack)
                    used = {one: used[one] + after[one] - before[one] for one in NAMES}
                rates[name].append(jobs / seconds)
                latencies[name] += took
    pairs = zip(rates["ingest"], rates["process"], strict=True)
    quantiles = statistics.quantiles(latencies["ingest"], n=100, method="inclusive")
    return Row(
        arrangement=arrangement,
        catalog_rows=catalog_rows,
        callers=callers,
        jobs_a_round=jobs,
        ingest_a_second=round(statistics.median(rates["ingest"]), 2),
        imaging_a_second=round(statistics.median(rates["process"]), 2),
        ingest_vs_imaging=round(statistics.median(ours / bound for ours, bound in pairs), 3),
        p50_ms=round(quantiles[49] * 1000, 1),
        p99_ms=round(quantiles[98] * 1000, 1),
        imaging_p50_ms=round(statistics.median(latencies["process"]) * 1000, 1),
        cpu_ms_an_asset={
            name: round(seconds / (ROUNDS * jobs) * 1000, 1) for name, seconds in used.items()
        },
    )


def timed(work: Callable[[], None], callers: int, jobs: int) -> tuple[float, list[float]]:
    """Do `jobs` pieces of work from `callers` threads; return all seconds, and each one's.

    A caller who is told to wait waits as long as it was told; its waiting counts.
    """

    def one(_: int) -> float:
        started_s = time.perf_counter()
        while True:
            try:
                work()
            except TintypeError as error:  # more callers than imaging's queue has places
                if error.retry_after_s is None:
                    raise
                time.sleep(error.retry_after_s)
            else:
                return time.perf_counter() - started_s

    with ThreadPoolExecutor(callers) as pool:
        started_s = time.perf_counter()
        took = list(pool.map(one, range(jobs)))
        return time.perf_counter() - started_s, took


def cpu_s(stack: Stack) -> dict[str, float]:
    """Return the processor seconds that each process and its children have used."""
    used = {}
    for name in NAMES:
        process = psutil.Process(stack.processes[name].pid)
        times = [one.cpu_times() for one in [process, *process.children(recursive=True)]]
        used[name] = sum(one.user + one.system for one in times)
    return used


def fsync_ms() -> float:
    """Return the median time in which the disk keeps 64 KiB for good."""
    took = []
    with tempfile.TemporaryFile() as file:
        for _ in range(20):
            started_s = time.perf_counter()
            file.write(bytes(65_536))
            file.flush()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - started_s)
    return round(statistics.median(took) * 1000, 2)


def show(rows: list[Row], ratios: object) -> None:
    """Print the rows and the ratios."""
    console = Console(width=120)
    columns = (
        "arrangement",
        "rows",
        "callers",
        "assets/s",
        "imaging alone/s",
        "ratio",
        "p50 ms",
        "p99 ms",
    )
    table = Table(*columns, "CPU ms an asset")
    for row in rows:
        used = ", ".join(f"{name} {ms:.0f}" for name, ms in row.cpu_ms_an_asset.items())
        table.add_row(
            *(row.arrangement, f"{row.catalog_rows:,}", str(row.callers)),
            f"{row.ingest_a_second:.1f}",
            *(f"{row.imaging_a_second:.1f}", f"{row.ingest_vs_imaging:.2f}"),
            *(f"{row.p50_ms:.0f}", f"{row.p99_ms:.0f}", used),
        )
    console.print(table)
    console.print(f"{ratios}  (wanted: ingest_vs_imaging >= 0.7, p99_over_p50 < 3)")


if __name__ == "__main__":
    main()
