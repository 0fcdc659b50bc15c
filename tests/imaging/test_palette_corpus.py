"""The colour contract, on encoded pictures of every kind."""

import pickle
import subprocess
import sys
from io import BytesIO

import cv2
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


def pinned() -> dict[str, bytes]:
    """Lossless pictures made of whole numbers only, so that no codec and no library has a say."""
    row, column = np.mgrid[:160, :240]
    shades = [column * 65535 // 239, row * 65535 // 159, row * column * 65535 // (159 * 239)]
    deep = np.dstack(shades).astype(np.uint16)
    flat = (deep // 257).astype(np.uint8)
    alpha = ((column // 40 * 51) * (row < 120)).astype(np.uint8)
    frames = [PillowImage.fromarray(np.roll(flat, turn, 2) // (turn + 1)) for turn in range(3)]
    two = np.where(((column // 7 + row // 5) % 3 == 0)[:, :, None], (250, 200, 20), (10, 60, 90))
    return {
        "transparent": save(PillowImage.fromarray(np.dstack([flat, alpha])), "PNG"),
        "animated": save(frames[0], "PNG", save_all=True, append_images=frames[1:], duration=90),
        "16 bit": cv2.imencode(".png", deep)[1].tobytes(),
        "grey": save(PillowImage.fromarray(flat[:, :, 2]), "PNG"),
        "two colours": save(PillowImage.fromarray(two.astype(np.uint8)), "PNG"),
    }


PINNED = {
    "transparent": [
        (0xDB3E35, 0.326218),
        (0xDA9681, 0.220469),
        (0x8E2816, 0.185560),
        (0x7DA350, 0.147504),
        (0x7E6B35, 0.120248),
    ],
    "animated": [
        (0x231A3E, 0.332669),
        (0x205C2C, 0.228077),
        (0x3A131B, 0.188536),
        (0x7DC862, 0.131617),
        (0xC15842, 0.119101),
    ],
    "16 bit": [
        (0x57D569, 0.282765),
        (0x2432B8, 0.244021),
        (0x1F7841, 0.184232),
        (0x7E9FCA, 0.176339),
        (0x0C2F41, 0.112643),
    ],
    "grey": [
        (0x0A0A0A, 0.336974),
        (0x262626, 0.204161),
        (0x464646, 0.183115),
        (0x717171, 0.159279),
        (0xAEAEAE, 0.116470),
    ],
    "two colours": [
        (0x0A3C5A, 0.666536),
        (0xFAC814, 0.333464),
        (0x0A3C5A, 0.000000),
        (0xFAC814, 0.000000),
        (0x0A3C5A, 0.000000),
    ],
}


@pytest.mark.parametrize("name", PINNED)
def test_another_machine_finds_the_same_of_every_kind(name: str) -> None:
    colors = run(pinned()[name])[0].colors
    assert [color.rgb for color in colors] == [code for code, _ in PINNED[name]]
    shares = [share for _, share in PINNED[name]]
    assert [color.share for color in colors] == pytest.approx(shares, abs=1e-6)


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
