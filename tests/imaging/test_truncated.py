"""One policy for files that break off: refused, unless the request tolerates it."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image as PillowImage

from imaging.errors import DamagedImage
from imaging.facts import inspect
from imaging.formats import Format
from imaging.image import Pixels, Size
from imaging.limits import Limits
from imaging.spec import RenditionSpec
from tests.imaging.made import FULL, as_bgra, opened, run, save

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "TIFF", "BMP")


def encoded_as(image_format: str, photograph: Pixels) -> bytes:
    image = PillowImage.fromarray(photograph[:200, :200, ::-1])
    # An interlaced GIF that breaks off would have rows missing all over.
    return save(image, image_format, **({"interlace": 0} if image_format == "GIF" else {}))


@pytest.mark.parametrize("keep", [0.5, 0.9, -2])
@pytest.mark.parametrize("image_format", FORMATS)
def test_a_file_that_breaks_off_is_refused(
    image_format: str, keep: float, photograph: Pixels
) -> None:
    whole = encoded_as(image_format, photograph)
    cut = whole[: int(keep)] if keep < 0 else whole[: int(len(whole) * keep)]
    # What is cut off a TIFF's end may be directory, not pixels: then nothing can be read.
    with pytest.raises(DamagedImage, match="breaks off"):
        run(cut)
    with pytest.raises(DamagedImage, match="breaks off"):
        inspect(cut, Limits())


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "GIF", "BMP"])
def test_a_request_may_tolerate_it_and_is_warned(image_format: str, photograph: Pixels) -> None:
    whole = encoded_as(image_format, photograph)
    facts, made = run(
        whole[: int(len(whole) * 0.6)],
        RenditionSpec("a", FULL, format=Format.PNG),
        tolerate_truncated=True,
    )
    assert [warning for warning in facts.warnings if "breaks off" in warning]
    assert facts.size == (200, 200)
    assert len(facts.colors) == 5
    # The rows that were there are right. BMP has the last ones first.
    rows = slice(-50, None) if image_format == "BMP" else slice(0, 50)
    ours = as_bgra(opened(made["a"].encoded))[rows].astype(int)
    assert np.abs(ours - as_bgra(opened(whole))[rows]).mean() < 2


def test_a_large_jpeg_without_its_last_two_bytes_can_be_tolerated(photograph: Pixels) -> None:
    large = PillowImage.fromarray(photograph[:, :, ::-1]).resize((4000, 4000))
    facts, made = run(
        save(large, "JPEG")[:-2],
        RenditionSpec("a", Size(100, 0)),
        tolerate_truncated=True,
    )
    assert facts.warnings
    assert made["a"].size == (100, 100)


@pytest.mark.parametrize("image_format", FORMATS)
def test_a_whole_file_has_no_warning_and_may_be_followed_by_anything(
    image_format: str, photograph: Pixels
) -> None:
    facts, _ = run(encoded_as(image_format, photograph), tolerate_truncated=True)
    assert not facts.warnings
    if image_format != "AVIF":
        again, _ = run(encoded_as(image_format, photograph) + b"what a camera appended")
        assert replace(again, size_bytes=0, colors=()) == replace(facts, size_bytes=0, colors=())
