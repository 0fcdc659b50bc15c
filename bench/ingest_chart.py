"""The picture of the results of `make bench-ingest`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt

_OURS, _BOUND, _FAINT = "#c2410c", "#64748b", "#fdba74"


def draw(result: Mapping[str, Any], path: Path) -> None:
    """Write a PNG: for each arrangement, rates and latencies by callers, rates by rows."""
    names = list(dict.fromkeys(row["arrangement"] for row in result["rows"]))
    figure, axes = plt.subplots(
        3, len(names), figsize=(6.5 * len(names), 11), layout="constrained", squeeze=False
    )
    for column, name in enumerate(names):
        ours = [row for row in result["rows"] if row["arrangement"] == name]
        rows = [row for row in ours if not row["catalog_rows"]]
        callers = [row["callers"] for row in rows]
        rates, latencies = axes[0, column], axes[1, column]
        rates.plot(callers, [row["imaging_a_second"] for row in rows], "o-", color=_BOUND)
        rates.plot(callers, [row["ingest_a_second"] for row in rows], "o-", color=_OURS)
        rates.legend(["imaging alone", "ingest"])
        rates.set_title(f"{name}: assets a second")
        for row in rows:
            rates.annotate(
                f"{row['ingest_vs_imaging']:.2f}",
                (row["callers"], row["ingest_a_second"]),
                (0, -14),
                textcoords="offset points",
                ha="center",
                fontsize=8,
            )
        latencies.plot(callers, [row["p99_ms"] for row in rows], "o-", color=_FAINT)
        latencies.plot(callers, [row["p50_ms"] for row in rows], "o-", color=_OURS)
        latencies.plot(callers, [row["imaging_p50_ms"] for row in rows], "o-", color=_BOUND)
        latencies.legend(["ingest, p99", "ingest, p50", "imaging alone, p50"])
        latencies.set_title(f"{name}: milliseconds an asset")
        for axis in (rates, latencies):
            axis.set_xscale("log", base=2)
            axis.set_xticks(callers, [str(number) for number in callers])
            axis.set_xlabel("callers")
            axis.set_ylim(bottom=0)
            axis.grid(alpha=0.25)
        _draw_by_rows(axes[2, column], name, ours)
    figure.suptitle(
        f"{result['picture']} to four sizes and five colours\n{result['machine']['processor']},"
        f" {result['machine']['cores']} cores, {result['machine']['at'][:10]}"
    )
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _draw_by_rows(axis: Any, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Draw the rate against how many assets the catalog holds before."""
    (callers,) = {row["callers"] for row in rows if row["catalog_rows"]}
    rows = [row for row in rows if row["callers"] == callers]
    labels = [f"{row['catalog_rows']:,}" for row in rows]
    axis.plot(labels, [row["imaging_a_second"] for row in rows], "o-", color=_BOUND)
    axis.plot(labels, [row["ingest_a_second"] for row in rows], "o-", color=_OURS)
    axis.legend(["imaging alone", "ingest"])
    axis.set_title(f"{name}: assets a second, {callers} callers")
    axis.set_xlabel("assets in the catalog before")
    axis.set_ylim(bottom=0)
    axis.grid(alpha=0.25)
