"""ThumbHash, checked by decoding it again."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from imaging.thumbhash import thumbhash

Floats = npt.NDArray[np.float64]


def decode(encoded: bytes) -> Floats:
    """RGBA from 0 to 1 of a hash, 32 px on the longer side, as the format describes it."""
    head = int.from_bytes(encoded[:3], "little")
    tail = int.from_bytes(encoded[3:5], "little")
    has_alpha, landscape = bool(head >> 23), bool(tail >> 15)
    most = 5 if has_alpha else 7
    short = tail & 7
    across, down = (most, short) if landscape else (short, most)
    nibbles = [half for byte in encoded[5 + has_alpha :] for half in (byte & 15, byte >> 4)]
    height, width = (
        round(32 * (down / across)) if landscape else 32,
        32 if landscape else round(32 * (across / down)),
    )

    def plane(dc: float, scale: float, nx: int, ny: int) -> Floats:
        x, y = (np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height
        total = np.full((height, width), dc)
        for row in range(ny):
            for column in range(nx):
                if (row or column) and column * ny < nx * (ny - row):
                    value = (nibbles.pop(0) / 7.5 - 1) * scale
                    wave = np.outer(np.cos(np.pi * row * y), np.cos(np.pi * column * x))
                    total += 2 * value * wave
        return total

    lightness = plane((head & 63) / 63, (head >> 18 & 31) / 31, max(3, across), max(3, down))
    yellow_blue = plane((head >> 6 & 63) / 31.5 - 1, (tail >> 3 & 63) / 63, 3, 3)
    red_green = plane((head >> 12 & 63) / 31.5 - 1, (tail >> 9 & 63) / 63, 3, 3)
    alpha = np.ones((height, width))
    if has_alpha:
        alpha = plane((encoded[5] & 15) / 15, (encoded[5] >> 4) / 15, 5, 5)
    blue = lightness - 2 / 3 * yellow_blue
    red = (3 * lightness - blue + red_green) / 2
    return np.clip(np.dstack([red, red - red_green, blue, alpha]), 0, 1)


def smooth(width: int, height: int, channels: int, seed: int) -> npt.NDArray[np.uint8]:
    coarse = np.random.default_rng(seed).integers(0, 256, (3, 3, channels)).astype(np.float32)
    enlarged = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.rint(enlarged).astype(np.uint8)


@pytest.mark.parametrize(("width", "height"), [(90, 60), (60, 90), (400, 400), (999, 200)])
def test_a_smooth_picture_comes_back_nearly_as_it_was(width: int, height: int) -> None:
    for seed in range(4):
        picture = smooth(width, height, 3, seed)
        back = decode(thumbhash(picture))
        size = back.shape[1], back.shape[0]
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)[:, :, ::-1] / 255
        assert np.abs(back[:, :, :3] - small).mean() < 0.1


def test_alpha_comes_back() -> None:
    picture = smooth(80, 80, 4, 1)
    picture[:, :, 3] = np.linspace(0, 255, 80).astype(np.uint8)
    alpha = decode(thumbhash(picture))[:, :, 3]
    assert np.abs(alpha - np.linspace(0, 1, 32)).mean() < 0.06


def test_colour_under_transparent_pixels_does_not_show() -> None:
    picture = smooth(64, 64, 4, 2)
    picture[:32, :, 3] = 0
    other = picture.copy()
    other[:32, :, :3] = (0, 255, 0)
    assert thumbhash(picture) == thumbhash(other)


def test_the_shape_survives() -> None:
    wide = decode(thumbhash(smooth(700, 100, 3, 3)))
    tall = decode(thumbhash(smooth(100, 700, 3, 3)))
    assert wide.shape[1] > 5 * wide.shape[0]
    assert tall.shape[0] > 5 * tall.shape[1]


@pytest.mark.parametrize("channels", [3, 4])
def test_one_pixel_and_one_colour_have_a_hash(channels: int) -> None:
    dot = np.full((1, 1, channels), 200, np.uint8)
    flat = np.full((300, 200, channels), 200, np.uint8)
    for picture in (dot, flat):
        back = decode(thumbhash(picture))
        assert np.abs(back[:, :, :3] - 200 / 255).max() < 0.04


def test_a_picture_transparent_all_over_has_a_hash() -> None:
    back = decode(thumbhash(np.zeros((40, 40, 4), np.uint8)))
    assert back[:, :, 3].max() == 0


def test_it_is_about_twenty_five_bytes() -> None:
    lengths = {len(thumbhash(smooth(w, h, c, 5))) for w, h in [(9, 9), (160, 90)] for c in (3, 4)}
    assert lengths <= set(range(18, 28))


@pytest.mark.parametrize(
    ("width", "height", "opaque", "expected"),
    [
        (60, 40, True, "5df805358213b1447577776687078899f976862e0c"),
        (40, 60, False, "1ef8852302074066677848bf7786bb0c45755654243450"),
    ],
)
def test_it_is_what_the_published_encoder_writes(
    width: int,
    height: int,
    opaque: bool,  # noqa: FBT001 - a parameter of pytest's
    expected: str,
) -> None:
    """The expected bytes come from version 0.1.1 of the npm package `thumbhash`."""
    y, x = np.mgrid[0:height, 0:width]
    alpha = np.full_like(x, 255) if opaque else (x * x * 5 + x * y + y * 7) % 256
    planes = [x * 7 % 256, (x * x + y * 3) % 256, (x + y * 11) % 256, alpha]
    assert thumbhash(np.dstack(planes).astype(np.uint8)).hex() == expected
