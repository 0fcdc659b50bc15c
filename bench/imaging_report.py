"""What `make bench-imaging` prints, and the ratios that it comes down to."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

Job = Mapping[str, Any]
_CONSOLE = Console(width=110)
TARGETS = {
    "jpeg_vs_sharp": ">= 2.5",
    "webp_vs_sharp": ">= 1.5",
    "job_vs_floor": "<= 1.5",
    "ssim_minus_sharp": ">= -0.005",
    "palette_ms": "<= 5",
    "palette_vs_best": "<= 1.03",
}


def show_job(job: Job) -> None:
    """Print the times of one job and the quality of its sizes."""
    eight = job.get("eight_callers_ms", {})
    table = Table(title=f"{job['photograph']} to {job['format']}", title_justify="left")
    for column in ("", "one caller, ms", "processor, ms", "eight callers, ms a job"):
        table.add_column(column, justify="right" if column else "left")
    for name, took in sorted(job["one_caller_ms"].items(), key=lambda item: item[1]):
        used = job["one_caller_cpu_ms"].get(name)
        table.add_row(name, _number(took), _number(used), _number(eight.get(name)))
    _CONSOLE.print(table)
    names = list(job["quality"][0]["ssim"])
    table = Table("width", *(f"{name}: SSIM, bytes" for name in names))
    for row in job["quality"]:
        cells = [f"{row['ssim'][name]:.4f}  {row['bytes'][name]:>9,}" for name in names]
        table.add_row(str(row["width"]), *cells)
    _CONSOLE.print(table)


def show_colors(colors: Mapping[str, Mapping[str, float]]) -> None:
    """Print how near and how fast palettes are."""
    table = Table("five colours", "mean CIEDE2000", "of the best of 20", "worst picture", "ms")
    for name, row in colors.items():
        table.add_row(
            name,
            f"{row['ciede2000']:.2f}",
            f"{row['vs_best']:.3f}",
            f"{row['vs_best_worst']:.3f}",
            _number(row["ms"]),
        )
    _CONSOLE.print(table)


def show_ratios(ratios: Mapping[str, float]) -> None:
    """Print the ratios beside what they should be."""
    table = Table("ratio", "measured", "wanted")
    for name, value in ratios.items():
        table.add_row(name, f"{value:.3f}", TARGETS.get(name, ""))
    _CONSOLE.print(table)


def ratios(
    jobs: list[dict[str, Any]], colors: Mapping[str, Mapping[str, float]]
) -> dict[str, float]:
    """Return the flat figures. Speeds are ours over theirs, on the first photograph.

    sharp counts with its best arrangement, chosen anew for one caller and for eight,
    and with encoders that are asked to work as hard as ours; beside that as it comes,
    when they work harder for somewhat fewer bytes.
    """
    main = {job["format"]: job for job in reversed(jobs) if "eight_callers_ms" in job}
    found = {}
    for name, job in main.items():
        found[f"{name}_vs_sharp"] = _times_faster(job)
        found[f"{name}_vs_sharp_as_it_comes"] = _times_faster(job, theirs="sharp own effort:")
        found[f"{name}_service_vs_sharp"] = _times_faster(job, ours="tintype service")
        cpu = job["one_caller_cpu_ms"]
        found[f"{name}_processor_vs_sharp"] = _fastest(cpu, "sharp:") / cpu["tintype"]
    jpeg = main["jpeg"]
    found["job_vs_floor"] = jpeg["one_caller_ms"]["tintype"] / jpeg["one_caller_ms"]["floor"]
    found["ssim_minus_sharp"] = min(
        row["ssim"]["tintype"] - row["ssim"]["sharp"] for job in jobs for row in job["quality"]
    )
    found["palette_ms"] = colors["tintype"]["ms"]
    found["palette_vs_best"] = colors["tintype"]["vs_best"]
    return {name: round(value, 4) for name, value in found.items()}


def _times_faster(job: Job, ours: str = "tintype", theirs: str = "sharp:") -> float:
    """The smaller of both speed-ups: of one caller's latency and eight callers' throughput."""
    both = job["one_caller_ms"], job["eight_callers_ms"]
    return min(_fastest(took, theirs) / took[ours] for took in both)


def _fastest(took: Mapping[str, float], way: str) -> float:
    return min(ms for name, ms in took.items() if name.startswith(way))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
