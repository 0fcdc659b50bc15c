"""Colours: how near and how fast, against k-means, median cut, colorthief and Pylette."""

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from statistics import fmean, median

import cv2
import numpy as np
from colorthief import ColorThief
from PIL import Image
from sklearn.cluster import KMeans

from bench.imaging_quality import color_error
from imaging.image import Pixels
from imaging.palette import sample_colors

_JUDGED = 50_000  # pixels that errors are measured on
_CLUSTERED = 25_000  # pixels that the reference k-means is given
_RESTARTS = 20
Palette = list[int]
_PYLETTE = Path(".tools/pylette/bin/python")


def palette_rows(pictures: dict[str, Path], repeats: int) -> dict[str, dict[str, float]]:
    """Return per way: mean CIEDE2000, its ratio to the best of 20 k-means, milliseconds.

    Times are after decoding, on the first picture; errors are means over all pictures.
    """
    errors: dict[str, list[float]] = {}
    times: dict[str, list[float]] = {}
    palettes, pylette_ms = _pylette(list(pictures.values()))
    times["Pylette"] = [pylette_ms]
    for nth, path in enumerate(pictures.values()):
        pixels = np.asarray(cv2.imread(str(path)), np.uint8)
        judged = _some(pixels, _JUDGED, 1)
        for name, way in _WAYS.items():
            prepared = way(pixels)
            for _ in range(repeats if nth == 0 and name == "tintype" else 1):
                start = time.perf_counter()
                palette = prepared()
                if nth == 0:
                    times.setdefault(name, []).append((time.perf_counter() - start) * 1e3)
            errors.setdefault(name, []).append(color_error(judged, palette))
        errors.setdefault("Pylette", []).append(color_error(judged, palettes[nth]))
        runs = [color_error(judged, _k_means(pixels, seed)) for seed in range(_RESTARTS)]
        errors.setdefault("k-means, best of 20", []).append(min(runs))
    times["k-means, best of 20"] = [_RESTARTS * times["k-means, once"][0]]
    best = errors["k-means, best of 20"]
    return {
        name: {
            "ciede2000": fmean(found),
            "vs_best": fmean(f / b for f, b in zip(found, best, strict=True)),
            "vs_best_worst": max(f / b for f, b in zip(found, best, strict=True)),
            "ms": median(times[name]),
        }
        for name, found in errors.items()
    }


def _some(pixels: Pixels, count: int, seed: int) -> Pixels:
    flat = pixels.reshape(-1, 3)
    return flat[np.random.default_rng(seed).integers(0, len(flat), count)]


def _k_means(pixels: Pixels, seed: int) -> Palette:
    floats = _some(pixels, _CLUSTERED, 2)[None].astype(np.float32) / 255
    lab = cv2.cvtColor(floats, cv2.COLOR_BGR2LAB)[0]
    centres = KMeans(5, n_init=1, random_state=seed).fit(lab).cluster_centers_
    bgr = cv2.cvtColor(centres[None].astype(np.float32), cv2.COLOR_LAB2BGR)[0]
    return [int(r) << 16 | int(g) << 8 | int(b) for b, g, r in np.rint(bgr * 255).clip(0, 255)]


def _tintype(pixels: Pixels) -> Callable[[], Palette]:
    return lambda: [color.rgb for color in sample_colors(pixels)]


def _once(pixels: Pixels) -> Callable[[], Palette]:
    return lambda: _k_means(pixels, 0)


def _median_cut(pixels: Pixels) -> Callable[[], Palette]:
    picture = Image.fromarray(np.ascontiguousarray(pixels[:, :, ::-1]))

    def quantize() -> Palette:
        flat = picture.quantize(5, Image.Quantize.MEDIANCUT).getpalette() or []
        return [r << 16 | g << 8 | b for r, g, b in zip(*[iter(flat[:15])] * 3, strict=True)]

    return quantize


def _colorthief(pixels: Pixels) -> Callable[[], Palette]:
    thief = ColorThief.__new__(ColorThief)  # its constructor only opens a file
    thief.image = Image.fromarray(np.ascontiguousarray(pixels[:, :, ::-1]))
    return lambda: [r << 16 | g << 8 | b for r, g, b in thief.get_palette(5, quality=10)[:5]]


_WAYS = {
    "tintype": _tintype,
    "k-means, once": _once,
    "median cut (Pillow)": _median_cut,
    "colorthief": _colorthief,
}


def _pylette(pictures: list[Path]) -> tuple[list[Palette], float]:
    """Pylette's palettes, from its own environment, because it brings a second OpenCV."""
    script = Path(__file__).with_name("imaging_pylette.py")
    done = subprocess.run([_PYLETTE, script, *pictures], capture_output=True, check=True)
    answers = json.loads(done.stdout)
    return answers["palettes"], answers["ms"]
