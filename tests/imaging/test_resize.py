"""All sizes from one decode."""

import re

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from imaging.image import Pixels, Size
from imaging.resize import resize_chain


def noise(width: int, height: int, channels: int = 3) -> Pixels:
    return np.random.default_rng(7).integers(0, 256, (height, width, channels)).astype(np.uint8)


def bump(width: int, height: int) -> Pixels:
    """A smooth hill off the middle, whose place can be measured to hundredths of a pixel."""
    x, y = (np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height
    hill = np.exp(-((x[None, :] - 0.4) ** 2 + (y[:, None] - 0.6) ** 2) / 0.02)
    return np.dstack([np.rint(hill * 255).astype(np.uint8)] * 3)


def middle(pixels: Pixels) -> tuple[float, float]:
    mass = pixels[:, :, 0].astype(float)
    height, width = mass.shape
    x, y = (np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height
    return float((mass * x).sum() / mass.sum()), float((mass * y[:, None]).sum() / mass.sum())


def test_each_size_comes_back_in_the_order_asked_for() -> None:
    sizes = [Size(32, 24), Size(160, 120), Size(64, 48), Size(160, 120), Size(1, 1)]
    made = resize_chain(noise(160, 120), sizes)
    assert [(m.shape[1], m.shape[0]) for m in made] == sizes


def test_the_pictures_own_size_is_the_picture() -> None:
    picture = noise(50, 40)
    assert np.array_equal(resize_chain(picture, [Size(50, 40)])[0], picture)


def test_the_input_is_left_as_it_was() -> None:
    picture = noise(101, 77, 4)
    before = picture.copy()
    resize_chain(picture, [Size(50, 38), Size(101, 77), Size(20, 15)])
    assert np.array_equal(picture, before)


@pytest.mark.parametrize("size", [Size(51, 40), Size(50, 41), Size(0, 10)])
def test_enlarging_is_refused(size: Size) -> None:
    with pytest.raises(ValueError, match=re.escape(f"{tuple(size)} is not between")):
        resize_chain(noise(50, 40), [size])


@pytest.mark.parametrize("width", [2725, 2724, 2001, 1999, 1921, 801])
def test_nothing_shifts_at_any_size(width: int) -> None:
    """Odd sizes too, which a halving that drops the last column would shift."""
    height = round(width * 0.8165)
    picture = bump(width, height)
    x, y = middle(picture)
    wanted = [w for w in (1920, 1280, 800, 320) if w <= width]
    for made in resize_chain(picture, [Size(w, max(1, round(height * w / width))) for w in wanted]):
        found = middle(made)
        assert abs(found[0] - x) * made.shape[1] < 0.06
        assert abs(found[1] - y) * made.shape[0] < 0.06


def lanczos(pixels: Pixels, size: Size) -> npt.NDArray[np.float64]:
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS), float)


WIDTHS = (1430, 1300, 1000, 810, 700, 500, 300, 100)


def test_a_jpeg_decoded_to_a_half_does_not_shift_either() -> None:
    """Libjpeg rounds 2001 columns up to 1001; half of the last one shows nothing."""
    picture = bump(2001, 1501)
    x, y = middle(picture)
    encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 100])[1]
    half = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_REDUCED_COLOR_2), np.uint8)
    assert half.shape[:2] == (751, 1001)
    for made in resize_chain(half, [Size(999, 749), Size(320, 240)], (1000.5, 750.5)):
        found = middle(made)
        assert abs(found[0] - x) * made.shape[1] < 0.06
        assert abs(found[1] - y) * made.shape[0] < 0.06


@pytest.mark.parametrize("step", [2, 3, 4])
@pytest.mark.parametrize("width", WIDTHS)
def test_stripes_too_fine_to_show_become_grey_as_with_lanczos(step: int, width: int) -> None:
    picture = np.zeros((200, 1600, 3), np.uint8)
    picture[:, ::step] = 255
    size = Size(width, 200 * width // 1600)
    made = resize_chain(picture, [size])[0][:, 8:-8].astype(float)
    reference = lanczos(picture, size)[:, 8:-8]
    if step * width / 1600 < 1.6:  # clearly finer than two result pixels
        assert made.std() < reference.std() + 12
    assert abs(made.mean() - reference.mean()) < 7  # white and black are clipped


@pytest.mark.parametrize("width", WIDTHS)
def test_an_edge_rings_no_more_than_with_lanczos(width: int) -> None:
    picture = np.full((400, 1600, 3), 60, np.uint8)
    picture[:, 801:] = 190
    size = Size(width, 400 * width // 1600)
    made = resize_chain(picture, [size])[0].astype(float)
    reference = lanczos(picture, size)
    assert made.max() <= reference.max() + 6
    assert made.min() >= reference.min() - 6


@pytest.mark.parametrize("width", WIDTHS)
def test_a_picture_is_as_a_lanczos_filter_makes_it(width: int) -> None:
    """Random detail of all scales; a hundredth is what eight bits and five taps leave."""
    random = np.random.default_rng(3)
    picture = np.zeros((1200, 1600, 3), np.float32)
    for scale in (2, 3, 4, 8, 16, 64):
        coarse = random.normal(0, 2 + scale**0.7, (1200 // scale, 1600 // scale, 3))
        picture += cv2.resize(coarse.astype(np.float32), (1600, 1200))
    pixels = np.clip(picture + 128, 0, 255).astype(np.uint8)
    size = Size(width, width * 3 // 4)
    error = resize_chain(pixels, [size])[0][4:-4, 4:-4] - lanczos(pixels, size)[4:-4, 4:-4]
    assert np.sqrt((error**2).mean()) < 2.5


def test_a_flat_picture_stays_flat() -> None:
    picture = np.full((777, 1001, 3), 137, np.uint8)
    for made in resize_chain(picture, [Size(640, 497), Size(333, 258), Size(31, 24)]):
        assert np.all(made == 137)


def test_hidden_colour_does_not_bleed() -> None:
    """Green under transparent pixels must not tint the red beside it."""
    picture = np.zeros((400, 400, 4), np.uint8)
    picture[:, :, 1] = 255
    picture[101:303, 97:301] = (0, 0, 255, 255)
    for made in resize_chain(picture, [Size(330, 330), Size(150, 150), Size(40, 40)]):
        visible = made[made[:, :, 3] > 8]
        assert visible[:, 1].max() <= 2
        assert visible[:, 2].min() >= 230


def test_opaque_alpha_stays_opaque() -> None:
    picture = noise(300, 200, 4)
    picture[:, :, 3] = 255
    colour = resize_chain(np.ascontiguousarray(picture[:, :, :3]), [Size(123, 82)])[0]
    made = resize_chain(picture, [Size(123, 82)])[0]
    assert np.all(made[:, :, 3] == 255)
    assert cv2.absdiff(made[:, :, :3], colour).max() <= 1


@pytest.mark.parametrize("shape", [(1, 5000), (5000, 1), (3, 4000), (1, 1), (2, 2)])
def test_slivers_are_resized(shape: tuple[int, int]) -> None:
    height, width = shape
    size = Size(max(1, width // 3), max(1, height // 3))
    made = resize_chain(noise(width, height), [size])[0]
    assert (made.shape[1], made.shape[0]) == size
