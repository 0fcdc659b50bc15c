"""The picture of the results of `make bench-ingest`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt

_WHERE = {"disk": "on the disk", "memory": "in memory"}
_OURS, _BOUND, _FAINT = "#c2410c", "#64748b", "#fdba74"


def draw(result: Mapping[str, Any], path: Path) -> None:
    """Write a PNG: for each place of the store, rates and latencies by callers."""
    places = list(dict.fromkeys(row["place"] for row in result["rows"]))
    figure, axes = plt.subplots(
        2, len(places), figsize=(6.5 * len(places), 8), layout="constrained", squeeze=False
    )
    for column, place in enumerate(places):
        rows = [row for row in result["rows"] if row["place"] == place]
        callers = [row["callers"] for row in rows]
        rates, latencies = axes[0, column], axes[1, column]
        rates.plot(callers, [row["imaging_a_second"] for row in rows], "o-", color=_BOUND)
        rates.plot(callers, [row["ingest_a_second"] for row in rows], "o-", color=_OURS)
        rates.legend(["imaging alone", "ingest"])
        rates.set_title(f"assets a second, store {_WHERE[place]}")
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
        latencies.set_title(f"milliseconds, store {_WHERE[place]}")
        for axis in (rates, latencies):
            axis.set_xscale("log", base=2)
            axis.set_xticks(callers, [str(number) for number in callers])
            axis.set_xlabel("callers")
            axis.set_ylim(bottom=0)
            axis.grid(alpha=0.25)
    figure.suptitle(
        f"{result['picture']} to four sizes and five colours\n{result['machine']['processor']},"
        f" {result['machine']['cores']} cores, {result['machine']['at'][:10]}"
    )
    figure.savefig(path, dpi=110)
    plt.close(figure)
