"""A corpus of encoded pictures, one of every kind that colours have to be right for."""

import cv2
import numpy as np
from PIL import Image as PillowImage

from tests.imaging.icc import ADOBE_RGB, DISPLAY_P3, cmyk_profile, rgb_profile
from tests.imaging.made import astronaut, corners, save


def corpus() -> dict[str, bytes]:
    """Return encoded pictures by what is special about them."""
    photograph = PillowImage.fromarray(np.ascontiguousarray(astronaut()[:, :, ::-1]))
    small = photograph.resize((120, 120))
    seen = photograph.convert("RGBA")
    seen.putalpha(PillowImage.linear_gradient("L").resize(seen.size))
    two = PillowImage.new("RGB", (64, 48), (200, 30, 40))
    two.paste((10, 20, 90), (0, 0, 64, 12))
    wide = rgb_profile("Display P3", DISPLAY_P3)
    frames = [small.rotate(turn) for turn in (0, 90, 180)]
    moving = {"save_all": True, "append_images": frames[1:], "duration": 80}
    return {
        "photograph, JPEG": save(photograph, "JPEG", quality=90),
        "photograph, progressive JPEG": save(photograph, "JPEG", progressive=True),
        "photograph, PNG": save(photograph, "PNG"),
        "photograph, WebP": save(photograph, "WEBP"),
        "photograph, AVIF": save(small, "AVIF"),
        "photograph, TIFF": save(small, "TIFF"),
        "photograph, BMP": save(small, "BMP"),
        "photograph, GIF": save(small, "GIF"),
        "grey, JPEG": save(photograph.convert("L"), "JPEG"),
        "grey with alpha, PNG": save(seen.convert("LA"), "PNG"),
        "black and white, PNG": save(photograph.convert("1"), "PNG"),
        "CMYK, JPEG": save(photograph.convert("CMYK"), "JPEG", icc_profile=cmyk_profile("black")),
        "16 bit, PNG": _sixteen_bit(astronaut()),
        "wide gamut, JPEG": save(photograph, "JPEG", icc_profile=wide),
        "Adobe RGB, PNG": save(small, "PNG", icc_profile=rgb_profile("A", ADOBE_RGB, 2.2)),
        "half transparent, PNG": save(seen, "PNG"),
        "half transparent, WebP": save(seen, "WEBP"),
        "transparent all over, PNG": save(PillowImage.new("RGBA", (40, 30)), "PNG"),
        "one pixel, PNG": save(PillowImage.new("RGB", (1, 1), (1, 2, 3)), "PNG"),
        "one pixel, JPEG": save(PillowImage.new("RGB", (1, 1), (1, 2, 3)), "JPEG"),
        "one column, PNG": save(photograph.crop((100, 0, 101, 512)), "PNG"),
        "one colour, PNG": save(PillowImage.new("RGB", (300, 200), (1, 2, 3)), "PNG"),
        "two colours, PNG": save(two, "PNG"),
        "four colours, PNG": save(corners(), "PNG"),
        "palette, PNG": save(photograph.quantize(200), "PNG"),
        "moving, GIF": save(frames[0], "GIF", **moving),
        "moving, WebP": save(frames[0], "WEBP", **moving),
        "moving, AVIF": save(frames[0], "AVIF", **moving),
    }


def _sixteen_bit(pixels: np.ndarray) -> bytes:
    wide = pixels.astype(np.uint16) * 257
    return cv2.imencode(".png", wide)[1].tobytes()
