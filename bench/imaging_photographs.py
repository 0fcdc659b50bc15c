"""Photographs to measure with: real ones, of several sizes, with a free licence.

They come from Debian's package lomiri-wallpapers-16.04 (photographs by its users,
CC0, CC BY and CC BY-SA; the file names name their authors), or from the folder in
PHOTOS, or else from scikit-image, whose photographs are small.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from skimage import data

PACKAGE = "lomiri-wallpapers-16.04"
_SMALL = ("astronaut.png", "coffee.png", "rocket.jpg", "hubble_deep_field.jpg", "chelsea.png")
SIDE_BY_SIDE = "native pixels of several photographs, side by side"
_QUALITY = 92  # of what has to be encoded anew; cameras lie around it


@dataclass(frozen=True)
class Photograph:
    """An encoded JPEG and what it is.

    `native` says how it came about, in words for the reader of the results.
    """

    name: str
    native: str
    path: Path
    width: int
    height: int


def photographs(folder: Path) -> list[Photograph]:
    """Put photographs into `folder`, the 2725 x 2225 one of the main job first."""
    folder.mkdir(parents=True, exist_ok=True)
    found = sorted(_source(folder), key=_pixels)
    pictures = [cv2.imread(str(path)) for path in found]
    large = [p for p in pictures if p.shape[0] * p.shape[1] > 6e6] or pictures
    made = [
        _write(folder, "main", *_cut(large, 2725, 2225)),
        _write(folder, "24 MP", SIDE_BY_SIDE, _mosaic(large)),
    ]
    for wanted in (6e6, 12e6, 16e6):
        path = min(found, key=lambda path: abs(_pixels(path) - wanted))
        if path.suffix == ".jpg" and all(path != one.path for one in made):
            height, width = cv2.imread(str(path)).shape[:2]
            made.insert(-1, Photograph(path.stem, "the file as it is", path, width, height))
    return made


def _source(folder: Path) -> list[Path]:
    own = os.environ.get("PHOTOS")
    if own:
        return [p for p in Path(own).iterdir() if p.suffix.lower() in {".jpg", ".jpeg", ".png"}]
    unpacked = folder / "usr/share/backgrounds"
    if not unpacked.exists() and shutil.which("apt-get") and shutil.which("dpkg-deb"):
        subprocess.run(["apt-get", "download", "-qq", PACKAGE], cwd=folder, check=False)
        for package in folder.glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", package, folder], check=False)
            package.unlink()
    if unpacked.exists():
        return list(unpacked.glob("*.jpg"))
    print(f"no Debian package {PACKAGE} here: composing from small photographs", file=sys.stderr)
    return [Path(data.data_dir) / name for name in _SMALL]


def _pixels(path: Path) -> int:
    height, width = cv2.imread(str(path)).shape[:2]
    return int(height * width)


def _cut(
    pictures: list[npt.NDArray[np.uint8]], width: int, height: int
) -> tuple[str, npt.NDArray[np.uint8]]:
    """The middle of the first picture that is large enough, else of a mosaic; and which it is."""
    for picture in pictures:
        top, left = (picture.shape[0] - height) // 2, (picture.shape[1] - width) // 2
        if top >= 0 and left >= 0:
            return "cut from one photograph", picture[top : top + height, left : left + width]
    return SIDE_BY_SIDE, _mosaic(pictures)[:height, :width]


def _mosaic(pictures: list[npt.NDArray[np.uint8]]) -> npt.NDArray[np.uint8]:
    """6000 x 4000 pixels, none of them scaled: camera files of that size are not to be had."""
    rows, height = [], 0
    nth = 0
    while height < 4000:
        tiles, width = [], 0
        while width < 6000:
            tiles.append(pictures[nth % len(pictures)])
            width += tiles[-1].shape[1]
            nth += 1
        low = min(tile.shape[0] for tile in tiles)
        rows.append(np.hstack([tile[:low] for tile in tiles])[:, :6000])
        height += low
    return np.vstack(rows)[:4000]


def _write(folder: Path, name: str, native: str, picture: npt.NDArray[np.uint8]) -> Photograph:
    path = folder / f"{picture.shape[1]}x{picture.shape[0]}.jpg"
    if not path.exists():
        cv2.imwrite(str(path), picture, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return Photograph(name, native, path, picture.shape[1], picture.shape[0])
