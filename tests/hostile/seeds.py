"""Small valid files of every format and kind, to be damaged."""

from typing import Any

import numpy as np
from PIL import Image as PillowImage

from tests.imaging.icc import DISPLAY_P3, rgb_profile
from tests.imaging.made import astronaut, save

_SIZE = (40, 28)


def seeds() -> dict[str, list[bytes]]:
    """Return the files by format."""
    photograph = PillowImage.fromarray(np.ascontiguousarray(astronaut()[:, :, ::-1])).resize(_SIZE)
    alpha = photograph.convert("RGBA")
    alpha.putalpha(photograph.convert("L"))
    exif = PillowImage.Exif()
    exif[0x0112] = 6
    profile = rgb_profile("Display P3", DISPLAY_P3)
    moving: dict[str, Any] = {
        "save_all": True,
        "append_images": [photograph.rotate(90), photograph.rotate(180)],
        "duration": 80,
    }
    return {
        "JPEG": [
            save(photograph, "JPEG", exif=exif.tobytes()),
            save(photograph, "JPEG", progressive=True, icc_profile=profile),
            save(photograph.convert("L"), "JPEG"),
            save(photograph.convert("CMYK"), "JPEG"),
        ],
        "PNG": [
            save(photograph, "PNG", icc_profile=profile, exif=exif.tobytes()),
            save(alpha, "PNG"),
            save(photograph.convert("P"), "PNG", transparency=3),
            save(photograph.convert("I;16"), "PNG"),
            save(photograph.convert("L"), "PNG", transparency=60),
            save(photograph, "PNG", **moving),
        ],
        "WEBP": [
            save(photograph, "WEBP", icc_profile=profile, exif=exif.tobytes()),
            save(alpha, "WEBP"),
            save(alpha, "WEBP", lossless=True),
            save(photograph, "WEBP", **moving),
        ],
        "GIF": [
            save(photograph.convert("P"), "GIF", transparency=3),
            save(photograph, "GIF", **moving),
        ],
        "AVIF": [
            save(photograph, "AVIF", exif=exif.tobytes(), icc_profile=profile),
            save(alpha, "AVIF"),
            save(photograph, "AVIF", **moving),
        ],
        "TIFF": [
            save(photograph, "TIFF", icc_profile=profile),
            save(photograph, "TIFF", compression="tiff_lzw"),
            save(alpha, "TIFF", compression="tiff_adobe_deflate"),
            save(photograph, "TIFF", compression="jpeg"),
            save(photograph.convert("CMYK"), "TIFF", compression="packbits"),
            save(photograph.convert("1"), "TIFF", compression="group4"),
        ],
        "BMP": [
            save(photograph, "BMP"),
            save(photograph.convert("P"), "BMP"),
            save(photograph.convert("1"), "BMP"),
        ],
    }
