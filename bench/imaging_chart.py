"""The picture of the results of `make bench-imaging`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt
from matplotlib.axes import Axes

_COLORS = {
    "Tintype": "#c2410c",
    "Tintype, service": "#fb923c",
    "floor": "#a8a29e",
    "sharp": "#0f766e",
    "pyvips": "#64748b",
    "Pillow": "#94a3b8",
}


def draw(result: Mapping[str, Any], path: Path) -> None:
    """Write a PNG: times by format, times by size, SSIM by width, colours."""
    figure, axes = plt.subplots(2, 2, figsize=(13, 9), layout="constrained")
    jobs = result["jobs"]
    main = [job for job in jobs if "eight_callers_ms" in job]
    _times(axes[0, 0], {job["format"]: job["one_caller_ms"] for job in main})
    axes[0, 0].set_title(f"{main[0]['photograph']} to four sizes, one caller: milliseconds")
    _times(axes[0, 1], {job["format"]: job["eight_callers_ms"] for job in main})
    axes[0, 1].set_title("the same, eight callers: milliseconds a job")
    _by_size(axes[1, 0], [job for job in jobs if job["format"] == "jpeg"])
    _colors(axes[1, 1], result["colors"])
    figure.suptitle(
        f"{result['machine']['processor']}, {result['machine']['cores']} cores,"
        f" {result['machine']['at'][:10]}"
    )
    figure.savefig(path, dpi=110)
    plt.close(figure)


def best_of(took: Mapping[str, float]) -> dict[str, float]:
    """Return one time for each contestant, sharp's being its best arrangement's."""
    sharp = [ms for name, ms in took.items() if name.startswith("sharp:")]
    named = {"Tintype": "tintype", "Tintype, service": "tintype service"}
    found = {shown: took.get(named.get(shown, shown)) for shown in _COLORS}
    found["sharp"] = min(sharp)
    return {name: ms for name, ms in found.items() if ms is not None}


def _times(axis: Axes, by_format: Mapping[str, Mapping[str, float]]) -> None:
    for nth, took in enumerate(by_format.values()):
        shown = best_of(took)
        for place, (name, ms) in enumerate(shown.items()):
            left = nth + (place - len(shown) / 2) * 0.13
            axis.bar(left, ms, 0.12, color=_COLORS[name], label=name if nth == 0 else None)
            axis.text(left, ms, f"{ms:.0f}", ha="center", va="bottom", fontsize=7)
    axis.set_xticks(range(len(by_format)), list(by_format))
    axis.set_yscale("log")
    axis.margins(y=0.25)
    axis.legend(fontsize=8, ncols=3, loc="upper left")


def _by_size(axis: Axes, jobs: list[Mapping[str, Any]]) -> None:
    def megapixels(job: Mapping[str, Any]) -> float:
        width, height = job["photograph"].split()[0].split("x")
        return int(width) * int(height) / 1e6

    ordered = sorted(jobs, key=megapixels)
    for name, color in _COLORS.items():
        found = [best_of(job["one_caller_ms"]).get(name) for job in ordered]
        axis.plot([megapixels(job) for job in ordered], found, "o-", color=color, label=name)
    axis.set_title("JPEG to JPEG, one caller: milliseconds by megapixels")
    axis.set_ylim(bottom=0)
    axis.legend(fontsize=8)


def _colors(axis: Axes, colors: Mapping[str, Mapping[str, float]]) -> None:
    for name, row in colors.items():
        axis.plot(
            row["ms"], row["ciede2000"], "o", color="#c2410c" if name == "tintype" else "#64748b"
        )
        axis.annotate(
            name, (row["ms"], row["ciede2000"]), (5, 5), textcoords="offset points", fontsize=8
        )
    axis.set_xscale("log")
    axis.set_title("five colours: mean CIEDE2000 by milliseconds")
