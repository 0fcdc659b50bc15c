"""`make bench-storage`: this service beside bare grpcio, generated stubs, files and minio-py.

Everything that is compared runs in turns in one run. QUICK=1 takes under a minute.
"""

import json
import os
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.machine import machine
from bench.storage_chart import draw
from bench.storage_measure import (
    PlainFile,
    interleaved,
    memory,
    ratio,
    small_objects,
)
from bench.storage_report import show
from bench.storage_rivals import (
    CLIENTS,
    MIB,
    DriverClient,
    MessageClient,
    MinioClient,
    RawClient,
    ServiceClient,
)
from bench.storage_servers import KEY, MINIO, SECRET, Running, minio, rival, service

QUICK = bool(os.environ.get("QUICK"))
RESULTS = Path("bench/results")
MEMORY = Path("/dev/shm")  # noqa: S108  # a fresh folder in it
ROUNDS = 3 if QUICK else 7
STREAM_BYTES = (128 if QUICK else 1024) * MIB
DISK_BYTES = (64 if QUICK else 1024) * MIB
S3_BYTES = (64 if QUICK else 512) * MIB
MEMORY_BYTES = (512 if QUICK else 4096) * MIB
SIZES = [1024 * 4**power for power in range(9 if QUICK else 12)]  # 1 KiB to 64 MiB or 4 GiB
STREAMS = (1, 4, 16) if QUICK else (1, 2, 4, 8, 16)
SMALL_TIMES = 100 if QUICK else 500


def main() -> None:
    """Measure, print, write the JSON and the picture."""
    started_s = time.perf_counter()
    result: dict[str, Any] = {
        "machine": machine("grpcio", "protobuf", "minio", "crc32c"),
        "quick": QUICK,
        "ratios": {},
    }
    with ExitStack() as stack:
        rivals = {name: stack.enter_context(rival(name)) for name in ("raw", "stub")}
        in_memory(result, rivals)
        on_disk(result, rivals["raw"])
    on_minio(result)
    result["took_s"] = round(time.perf_counter() - started_s, 1)
    show(result)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "storage.json").write_text(json.dumps(result, indent=1) + "\n")
    draw(result, RESULTS / "storage.png")


def in_memory(result: dict[str, Any], rivals: dict[str, Running]) -> None:
    """One stream against all rivals, sizes, streams, small objects and memory, without a disk."""
    with (
        tempfile.TemporaryDirectory(prefix="tintype-bench-", dir=_memory()) as folder,
        service({"TINTYPE_DATA_DIR": f"{folder}/service"}) as ours,
    ):
        servers = {**rivals, "tintype": ours}
        clients = {name: CLIENTS[name](running.address) for name, running in servers.items()}
        before = {name: running.cpu_s() for name, running in servers.items()}
        rates = interleaved(clients, STREAM_BYTES, ROUNDS)
        moved_gib = 2 * (ROUNDS + 1) * STREAM_BYTES / 2**30
        result["one_stream_mib_s"] = rates
        result["server_cpu_s_per_gib"] = {
            name: round((running.cpu_s() - before[name]) / moved_gib, 3)
            for name, running in servers.items()
        }
        for verb in ("put", "get"):
            result["ratios"][f"{verb}_vs_raw"] = ratio(rates, verb, "tintype", "raw")
            result["ratios"][f"{verb}_vs_stub"] = ratio(rates, verb, "tintype", "stub")
        two = {name: clients[name] for name in ("raw", "tintype")}
        result["by_size_mib_s"] = {
            str(size): interleaved(two, size, 1 if size > 256 * MIB else 3) for size in SIZES
        }
        result["by_streams_mib_s"] = {
            str(count): interleaved(two, STREAM_BYTES // 8, 1 if QUICK else 3, count)
            for count in STREAMS
        }
        driver = DriverClient(Path(folder) / "driver")
        three = {
            "driver": driver,
            "service": MessageClient(ours.address),
            "service, as a stream": clients["tintype"],
        }
        small = small_objects(three, SMALL_TIMES)
        result["small_p50_ms"] = small
        result["ratios"]["small_p50_extra_ms"] = round(
            max(each["service"] - each["driver"] for each in small.values()), 3
        )
        grown = {
            str(count): memory(clients["tintype"], servers, MEMORY_BYTES, count)
            for count in (1, 16)
        }
        result["rss_growth_mib"] = grown
        result["ratios"]["rss_growth_mib"] = max(each["tintype"] for each in grown.values())


def on_disk(result: dict[str, Any], raw: Running) -> None:
    """One stream to the disk, beside bare grpcio and a plain file with fsync."""
    with (
        tempfile.TemporaryDirectory(prefix="tintype-bench-", dir=".") as folder,
        service({"TINTYPE_DATA_DIR": f"{folder}/service"}) as ours,
    ):
        clients = {
            "raw": RawClient(raw.address),
            "file": PlainFile(Path(folder)),
            "tintype": ServiceClient(ours.address),
        }
        rates = interleaved(clients, DISK_BYTES, ROUNDS)
        result["disk_mib_s"] = rates
        result["disk_vs_slower"] = {
            verb: round(max(ratio(rates, verb, "tintype", bound) for bound in ("raw", "file")), 3)
            for verb in ("put", "get")
        }


def on_minio(result: dict[str, Any]) -> None:
    """The same over S3, beside minio-py alone. Left out where MinIO is not installed."""
    if not MINIO.exists():
        result["s3"] = "MinIO is not installed: run 'make backends'"
        return
    with (
        tempfile.TemporaryDirectory(prefix="tintype-bench-", dir=_memory()) as folder,
        minio(Path(folder)) as server,
        service(
            {
                "S3_ENDPOINT": f"http://{server.address}",
                "S3_ACCESS_KEY": KEY,
                "S3_SECRET_KEY": SECRET,
            }
        ) as ours,
    ):
        clients = {
            "minio": MinioClient(server.address, KEY, SECRET),
            "tintype": ServiceClient(ours.address),
        }
        before = ours.cpu_s()
        rates = interleaved(clients, S3_BYTES, ROUNDS)
        moved_gib = 2 * (ROUNDS + 1) * S3_BYTES / 2**30
        result["s3_mib_s"] = rates
        result["s3_service_cpu_s_per_gib"] = round((ours.cpu_s() - before) / moved_gib, 3)
        for verb in ("put", "get"):
            result["ratios"][f"s3_{verb}_vs_minio"] = ratio(rates, verb, "tintype", "minio")


def _memory() -> Path | None:
    """Return where a memory file system is; None for the system's own choice."""
    return MEMORY if MEMORY.exists() else None


if __name__ == "__main__":
    main()
