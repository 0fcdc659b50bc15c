"""How near a result comes to the best there is: SSIM for sizes, CIEDE2000 for colours."""

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

Floats = npt.NDArray[np.float64]
Pixels = npt.NDArray[np.uint8]

_STEPS = np.arange(256) / 255
_LINEAR = np.where(_STEPS <= 0.04045, _STEPS / 12.92, ((_STEPS + 0.055) / 1.055) ** 2.4)


def reference(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """The picture at (width, height), by Pillow's Lanczos filter in linear light."""
    planes = []
    for channel in range(3):
        linear = _LINEAR[pixels[:, :, channel]].astype(np.float32)
        scaled = np.asarray(Image.fromarray(linear).resize(size, Image.Resampling.LANCZOS))
        scaled = np.clip(scaled, 0, 1)
        bright = 1.055 * scaled ** (1 / 2.4) - 0.055
        planes.append(np.where(scaled <= 0.0031308, scaled * 12.92, bright) * 255)
    return np.rint(np.dstack(planes)).astype(np.uint8)


def ssim(one: Pixels, other: Pixels) -> float:
    """Mean structural similarity of the luma, 11 x 11 Gaussian window (Wang et al., 2004)."""
    x, y = (cv2.cvtColor(p, cv2.COLOR_BGR2GRAY).astype(np.float32) for p in (one, other))
    mean_x, mean_y = _window(x), _window(y)
    var_x, var_y = _window(x * x) - mean_x**2, _window(y * y) - mean_y**2
    both = _window(x * y) - mean_x * mean_y
    first, second = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    similar = (2 * mean_x * mean_y + first) * (2 * both + second)
    similar /= (mean_x**2 + mean_y**2 + first) * (var_x + var_y + second)
    edge = min(5, (min(x.shape) - 1) // 2)
    return float(similar[edge : x.shape[0] - edge, edge : x.shape[1] - edge].mean())


def _window(plane: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(plane, (11, 11), 1.5), np.float32)


def color_error(pixels: Pixels, colors: list[int]) -> float:
    """Mean CIEDE2000 from the pixels, (any, B G R), to the nearest of `colors`, 0xRRGGBB."""
    bgr = np.array([[c & 255, c >> 8 & 255, c >> 16] for c in colors], np.uint8)
    lab, palette = _lab(pixels.reshape(-1, 3)), _lab(bgr)
    return float(np.min([ciede2000(lab, color) for color in palette], axis=0).mean())


def _lab(bgr: Pixels) -> Floats:
    floats = bgr[None].astype(np.float32) / 255
    return np.asarray(cv2.cvtColor(floats, cv2.COLOR_BGR2LAB)[0], np.float64)


def ciede2000(lab: Floats, other: Floats) -> Floats:
    """Colour difference, as in Sharma, Wu and Dalal (2005); arrays of L a b, broadcast."""
    l1, a1, b1 = np.moveaxis(lab, -1, 0)
    l2, a2, b2 = np.moveaxis(other, -1, 0)
    mean_c7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    stretch = 1 + 0.5 * (1 - np.sqrt(mean_c7 / (mean_c7 + 25.0**7)))
    c1, c2 = np.hypot(a1 * stretch, b1), np.hypot(a2 * stretch, b2)
    h1 = np.degrees(np.arctan2(b1, a1 * stretch)) % 360
    h2 = np.degrees(np.arctan2(b2, a2 * stretch)) % 360
    grey = c1 * c2 == 0
    turn = np.where(grey, 0, (h2 - h1 + 180) % 360 - 180)
    hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn) / 2)
    mean_h = np.where(grey, h1 + h2, (h1 + h2) / 2)
    mean_h = np.where(~grey & (np.abs(h1 - h2) > 180), (mean_h + 180) % 360, mean_h)
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * np.cos(np.radians(mean_h - 30))
        + 0.24 * np.cos(np.radians(2 * mean_h))
        + 0.32 * np.cos(np.radians(3 * mean_h + 6))
        - 0.20 * np.cos(np.radians(4 * mean_h - 63))
    )
    s_l = 1 + 0.015 * (mean_l - 50) ** 2 / np.sqrt(20 + (mean_l - 50) ** 2)
    s_c, s_h = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * t
    bend = np.sin(np.radians(60 * np.exp(-(((mean_h - 275) / 25) ** 2))))
    rotate = -2 * np.sqrt(mean_c**7 / (mean_c**7 + 25.0**7)) * bend
    light, chroma, tint = (l2 - l1) / s_l, (c2 - c1) / s_c, hue / s_h
    return np.sqrt(np.maximum(light**2 + chroma**2 + tint**2 + rotate * chroma * tint, 0))
