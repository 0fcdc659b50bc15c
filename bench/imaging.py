"""`make bench-imaging`: Tintype, sharp, pyvips and Pillow on the same photographs.

QUICK=1 takes about a minute, on one photograph and without AVIF; the whole some twenty.
PHOTOS=folder measures with other photographs. On a machine that is busy with other work only
the processor times mean something.
"""

import json
import os
from pathlib import Path

import cv2

from bench import imaging_report as report
from bench.imaging_chart import draw
from bench.imaging_jobs import OUTPUTS, Job
from bench.imaging_measure import Rounds, measure
from bench.imaging_palette import palette_rows
from bench.imaging_photographs import photographs
from bench.imaging_sharp import ARRANGEMENTS, QUICK_ARRANGEMENTS, Sharp
from bench.machine import machine
from services.imaging.worker import reuse_pixel_buffers

QUICK = bool(os.environ.get("QUICK"))
# As the product's worker processes have it; the floor, pyvips and Pillow gain by it, too.
cv2.setNumThreads(1)
reuse_pixel_buffers()
RESULTS = Path("bench/results")
# WebP and AVIF take long.
ROUNDS = {
    "jpeg": Rounds(3, 2, 8) if QUICK else Rounds(11, 3, 24),
    "webp": Rounds(1, 1, 8) if QUICK else Rounds(5, 3, 16),
} | ({} if QUICK else {"avif": Rounds(3, 3, 8)})


def main() -> None:
    """Measure, print, write the JSON and the picture."""
    pictures = photographs(Path(".tools/photographs"))[: 1 if QUICK else None]
    for picture in pictures:
        print(f"{picture.width}x{picture.height}  {picture.name}: {picture.native}")
    jobs = []
    with Sharp(QUICK_ARRANGEMENTS if QUICK else ARRANGEMENTS) as sharp:
        for nth, picture in enumerate(pictures):
            # The other photographs show how cost grows with size; JPEG is enough for that.
            for name in ROUNDS if nth == 0 else ["jpeg"]:
                job = Job(picture, OUTPUTS[name], picture.path.read_bytes())
                jobs.append(measure(job, sharp, ROUNDS[name], eight=nth == 0))
                report.show_job(jobs[-1])
    colors = palette_rows({p.name: p.path for p in pictures}, 9 if QUICK else 41)
    report.show_colors(colors)
    ratios = report.ratios(jobs, colors)
    report.show_ratios(ratios)
    result = {
        "machine": machine("opencv-python-headless", "numpy", "pillow", "pyvips"),
        "quick": QUICK,
        "jobs": jobs,
        "colors": colors,
        "ratios": ratios,
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "imaging.json").write_text(json.dumps(result, indent=1) + "\n")
    draw(result, RESULTS / "imaging.png")


if __name__ == "__main__":
    main()
