"""All eight orientations, in every format that carries one."""

import numpy as np
import pytest
from PIL import Image as PillowImage
from PIL import ImageOps

from imaging.decode import decode
from imaging.header import read_header
from imaging.limits import Limits
from imaging.orient import upright
from imaging.spec import RenditionSpec
from tests.imaging.made import FULL, as_bgra, corners, opened, run, save

CARRIES = ("JPEG", "PNG", "WEBP", "AVIF", "TIFF")


def turned(image: PillowImage.Image, image_format: str, orientation: int) -> bytes:
    """Save with an orientation, without turning anything."""
    exif = PillowImage.Exif()
    exif[0x0112] = orientation
    if image_format == "TIFF":
        return save(image, "TIFF", tiffinfo={0x0112: orientation})
    options = {"quality": 95} if image_format != "PNG" else {}
    return save(image, image_format, exif=exif, **options)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turning_is_what_the_standard_says(orientation: int) -> None:
    image = corners()
    exif = image.getexif()
    exif[0x0112] = orientation
    expected = as_bgra(ImageOps.exif_transpose(image))
    assert np.array_equal(upright(as_bgra(image), orientation), expected)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("image_format", CARRIES)
def test_every_orientation_of_every_format_comes_out_upright(
    image_format: str, orientation: int
) -> None:
    encoded = turned(corners(), image_format, orientation)
    header = read_header(encoded, Limits())
    assert header.found.orientation == orientation
    expected = as_bgra(ImageOps.exif_transpose(opened(encoded)))
    ours = decode(header, encoded).pixels
    assert header.size == (ours.shape[1], ours.shape[0])
    assert ours.shape[:2] == expected.shape[:2]
    assert np.abs(ours.astype(int) - expected[:, :, :3]).mean() < 4


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_large_jpeg_that_is_decoded_smaller_is_turned_too(orientation: int) -> None:
    encoded = turned(corners(4000, 3840), "JPEG", orientation)
    facts, made = run(encoded, RenditionSpec("a", FULL._replace(width=100)))
    rendition = opened(made["a"].encoded)
    expected = ImageOps.exif_transpose(opened(encoded)).resize(rendition.size)
    assert facts.size[0] in {4000, 3840}
    assert np.abs(as_bgra(rendition).astype(int) - as_bgra(expected)).mean() < 4


def test_no_orientation_is_left_in_a_rendition() -> None:
    encoded = turned(corners(), "JPEG", 6)
    for name in ("JPEG", "PNG", "WEBP", "AVIF"):
        _, made = run(encoded, RenditionSpec(name, FULL))
        assert opened(made[name].encoded).getexif().get(0x0112, 1) == 1


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_orientation_that_makes_no_sense_is_none(value: int) -> None:
    assert read_header(turned(corners(), "JPEG", value), Limits()).found.orientation == 1
