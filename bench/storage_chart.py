"""The picture of the results of `make bench-storage`."""

import statistics
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt

_COLORS = {
    "tintype": "#c2410c",
    "raw": "#64748b",
    "stub": "#94a3b8",
    "file": "#0f766e",
    "minio": "#be185d",
}


def draw(result: Mapping[str, Any], path: Path) -> None:
    """Write a PNG: bars of one stream, then rates by size and by streams."""
    figure, axes = plt.subplots(2, 2, figsize=(13, 9), layout="constrained")
    _bars(axes[0, 0], "memory file system", result["one_stream_mib_s"])
    places = {"disk": result["disk_mib_s"], "MinIO": result.get("s3_mib_s")}
    _bars(
        axes[0, 1],
        "disk and MinIO",
        {
            f"{verb} {place}": rates[verb]
            for place, rates in places.items()
            if rates
            for verb in ("put", "get")
        },
    )
    _lines(axes[1, 0], "by object size, bytes", result["by_size_mib_s"])
    _lines(axes[1, 1], "by streams at once", result["by_streams_mib_s"])
    facts = result["machine"]
    figure.suptitle(f"storage, MiB/s; {facts['processor']}, {facts['cores']} cores")
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _bars(axis: Any, title: str, groups: Mapping[str, Mapping[str, list[float]]]) -> None:
    """Draw a group of bars for each kind of work."""
    for position, (work, rates) in enumerate(groups.items()):
        width = 0.8 / len(rates)
        for index, (name, values) in enumerate(rates.items()):
            label = name if name not in axis.get_legend_handles_labels()[1] else None
            axis.bar(
                position + index * width,
                statistics.median(values),
                width * 0.9,
                color=_COLORS[name],
                label=label,
            )
        axis.text(position + 0.3, 0, work, ha="center", va="top")
    axis.set_xticks([])
    axis.set_title(title, pad=12)
    axis.legend()


def _lines(axis: Any, title: str, points: Mapping[str, Any]) -> None:
    """Draw rates over a logarithmic axis."""
    where = [int(value) for value in points]
    for verb, style in (("put", "o-"), ("get", "s--")):
        for name in ("raw", "tintype"):
            rates = [statistics.median(rates[verb][name]) for rates in points.values()]
            axis.plot(where, rates, style, color=_COLORS[name], label=f"{verb} {name}", ms=4)
    axis.set_xscale("log", base=2)
    axis.set_title(title)
    axis.set_ylim(bottom=0)
    axis.legend()
