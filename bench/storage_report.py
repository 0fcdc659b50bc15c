"""What `make bench-storage` prints."""

import statistics
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

_CONSOLE = Console(width=110)
TARGETS = {
    "put_vs_raw": ">= 0.9",
    "get_vs_raw": ">= 0.9",
    "put_vs_stub": ">= 1.1",
    "get_vs_stub": ">= 1.5",
    "s3_put_vs_minio": ">= 0.6",
    "s3_get_vs_minio": ">= 0.6",
    "small_p50_extra_ms": "<= 1.5",
    "rss_growth_mib": "< 64",
}


def show(result: Mapping[str, Any]) -> None:
    """Print all tables, the ratios last."""
    _rates("one stream, memory file system", result["one_stream_mib_s"])
    _rates("one stream, disk", result["disk_mib_s"])
    if "s3_mib_s" in result:
        _rates("one stream, MinIO", result["s3_mib_s"])
    else:
        _CONSOLE.print(result["s3"])
    for title, key in (("object bytes", "by_size_mib_s"), ("streams", "by_streams_mib_s")):
        table = Table(title, "put raw", "put tintype", "get raw", "get tintype", "(MiB/s)")
        for value, rates in result[key].items():
            cells = [
                f"{statistics.median(rates[verb][name]):.1f}"
                for verb in ("put", "get")
                for name in ("raw", "tintype")
            ]
            table.add_row(f"{int(value):,}", *cells)
        _CONSOLE.print(table)
    _CONSOLE.print("64 KiB, p50 ms:", result["small_p50_ms"])
    _CONSOLE.print("memory growth by streams, MiB:", result["rss_growth_mib"])
    _CONSOLE.print("server CPU seconds per GiB:", result["server_cpu_s_per_gib"])
    _CONSOLE.print("on the disk, of the slower bound:", result["disk_vs_slower"])
    table = Table("ratio", "measured", "wanted")
    for name, value in result["ratios"].items():
        table.add_row(name, f"{value:.3f}", TARGETS[name])
    _CONSOLE.print(table)


def _rates(title: str, rates: Mapping[str, Mapping[str, list[float]]]) -> None:
    """Print medians and ranges of the rounds."""
    table = Table(title, "put MiB/s", "get MiB/s")
    for name in rates["put"]:
        cells = [
            f"{statistics.median(rates[verb][name]):7.0f}"
            f"  ({min(rates[verb][name]):.0f} to {max(rates[verb][name]):.0f})"
            for verb in ("put", "get")
        ]
        table.add_row(name, *cells)
    _CONSOLE.print(table)
