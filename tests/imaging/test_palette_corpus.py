"""The colour contract, on encoded pictures of every kind."""

import pickle
import subprocess
import sys
from io import BytesIO

import numpy as np
import pytest
from PIL import Image as PillowImage

from imaging.facts import ImageFacts
from imaging.palette import Color
from tests.imaging.corpus import corpus
from tests.imaging.icc import DISPLAY_P3, rgb_profile
from tests.imaging.made import run, save

CORPUS = corpus()
Found = dict[str, tuple[Color, ...]]


@pytest.fixture(scope="module")
def found() -> Found:
    return {name: run(encoded)[0].colors for name, encoded in CORPUS.items()}


def rgb(colors: tuple[Color, ...]) -> list[int]:
    return [color.rgb for color in colors]


def test_every_picture_has_five_colours_whose_shares_add_up_to_one(found: Found) -> None:
    for name, colors in found.items():
        assert len(colors) == 5, name
        assert sum(color.share for color in colors) == pytest.approx(1, abs=1e-6), name
        shares = [color.share for color in colors]
        assert shares == sorted(shares, reverse=True), name


@pytest.mark.parametrize("name", ["photograph, PNG", "palette, PNG", "one column, PNG"])
def test_every_colour_is_one_that_occurs(found: Found, name: str) -> None:
    picture = np.asarray(PillowImage.open(BytesIO(CORPUS[name])).convert("RGB")).astype(int)
    occurring = set((picture[:, :, 0] << 16 | picture[:, :, 1] << 8 | picture[:, :, 2]).ravel())
    assert set(rgb(found[name])) <= occurring


def test_a_fresh_process_finds_the_same(found: Found) -> None:
    """Whatever threads its libraries have and however Python orders its sets."""
    script = (
        "import pickle, sys; from tests.imaging.made import run;"
        "corpus = pickle.load(sys.stdin.buffer);"
        "found = {name: run(encoded)[0].colors for name, encoded in corpus.items()};"
        "pickle.dump(found, sys.stdout.buffer)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"OPENBLAS_NUM_THREADS": "7", "PYTHONHASHSEED": "7"},
        input=pickle.dumps(CORPUS),
        capture_output=True,
        check=True,
    )
    assert pickle.loads(done.stdout) == found  # noqa: S301 - from a process of our own


def test_another_machine_finds_the_same(found: Found) -> None:
    """Written down once; a lossless picture leaves no codec a say."""
    assert rgb(found["photograph, PNG"]) == [0xC6BDB9, 0x030202, 0xDA6642, 0x756A61, 0x6D1A15]


def test_what_else_is_asked_for_does_not_matter() -> None:
    encoded = CORPUS["photograph, JPEG"]
    assert run(encoded, palette_size=5)[0].colors == run(encoded)[0].colors


def test_orientation_changes_no_colour_by_more_than_a_shade(found: Found) -> None:
    picture = PillowImage.open(BytesIO(CORPUS["photograph, PNG"]))
    exif = picture.getexif()
    exif[0x0112] = 6
    turned = run(save(picture, "PNG", exif=exif))[0].colors
    for one, other in zip(turned, found["photograph, PNG"], strict=True):
        channels = [abs((one.rgb >> s & 255) - (other.rgb >> s & 255)) for s in (0, 8, 16)]
        assert max(channels) < 40
        assert one.share == pytest.approx(other.share, abs=0.04)


def test_grey_pictures_have_grey_colours(found: Found) -> None:
    for name in ("grey, JPEG", "grey with alpha, PNG", "black and white, PNG", "CMYK, JPEG"):
        for color in rgb(found[name]):
            channels = [color >> 16, color >> 8 & 255, color & 255]
            assert max(channels) - min(channels) <= 3, name


def test_few_colours_repeat_with_no_share(found: Found) -> None:
    assert rgb(found["one pixel, PNG"]) == [0x010203] * 5
    assert found["one colour, PNG"][0] == Color(0x010203, 1.0)
    assert rgb(found["two colours, PNG"]) == [0xC81E28, 0x0A145A, 0xC81E28, 0x0A145A, 0xC81E28]
    assert [c.share for c in found["two colours, PNG"]] == [0.75, 0.25, 0, 0, 0]
    assert len(set(rgb(found["four colours, PNG"]))) == 4
    assert set(rgb(found["black and white, PNG"])) == {0x000000, 0xFFFFFF}


def test_a_picture_transparent_all_over_has_the_colour_it_stores(found: Found) -> None:
    assert rgb(found["transparent all over, PNG"]) == [0x000000] * 5


def test_wide_gamut_colours_are_given_in_srgb() -> None:
    """Display P3 (200, 60, 60) is a stronger red in sRGB."""
    flat = PillowImage.new("RGB", (50, 50), (200, 60, 60))
    profile = rgb_profile("Display P3", DISPLAY_P3)
    red, green, blue = _channels(run(save(flat, "PNG", icc_profile=profile))[0])
    assert red > 208
    assert green < 52
    assert blue < 60


def test_sixteen_bits_give_what_eight_give(found: Found) -> None:
    assert found["16 bit, PNG"] == found["photograph, PNG"]


def test_an_animation_is_sampled_over_its_frames() -> None:
    """Red, then blue for as many frames: neither is missed."""
    frames = [PillowImage.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    for image_format in ("GIF", "WEBP"):
        options = {"save_all": True, "append_images": frames[1:], "duration": 100}
        if image_format == "WEBP":
            options["lossless"] = True
        colors = run(save(frames[0], image_format, **options))[0].colors
        assert {color.rgb for color in colors} == {0xFF0000, 0x0000FF}
        assert [color.share for color in colors[:2]] == [0.5, 0.5]


def _channels(facts: ImageFacts) -> tuple[int, int, int]:
    color = facts.colors[0].rgb
    return color >> 16, color >> 8 & 255, color & 255
