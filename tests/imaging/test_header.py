"""What is read from headers, before any decoder."""

from typing import Any

import pytest
from PIL import Image as PillowImage

from imaging.errors import DamagedImage, ImageTooLarge, UnsupportedFormat
from imaging.facts import inspect
from imaging.formats import Format
from imaging.headers.found import MAX_PARTS
from imaging.limits import Limits
from tests.imaging.icc import DISPLAY_P3, rgb_profile
from tests.imaging.made import save


@pytest.mark.parametrize(
    ("image_format", "mode", "options", "depth", "has_alpha"),
    [
        ("JPEG", "RGB", {}, 8, False),
        ("JPEG", "CMYK", {}, 8, False),
        ("PNG", "1", {}, 1, False),
        ("PNG", "P", {}, 8, False),
        ("PNG", "P", {"transparency": 0}, 8, True),
        ("PNG", "I;16", {}, 16, False),
        ("PNG", "LA", {}, 8, True),
        ("WEBP", "RGB", {}, 8, False),
        ("WEBP", "RGBA", {}, 8, True),
        ("WEBP", "RGBA", {"lossless": True}, 8, True),
        ("GIF", "P", {"transparency": 0}, 8, True),
        ("GIF", "L", {}, 8, False),
        ("AVIF", "RGB", {}, 8, False),
        ("AVIF", "RGBA", {}, 8, True),
        ("TIFF", "1", {}, 1, False),
        ("TIFF", "RGBA", {}, 8, True),
        ("TIFF", "I;16", {}, 16, False),
        ("BMP", "RGB", {}, 8, False),
    ],
)
def test_facts_are_told_without_decoding(
    image_format: str,
    mode: str,
    options: dict[str, Any],
    depth: int,
    has_alpha: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    image = PillowImage.new(mode, (37, 21))
    if has_alpha and mode == "RGBA":
        image.putpixel((0, 0), (1, 2, 3, 100))
    facts = inspect(encoded := save(image, image_format, **options), Limits())
    assert facts.format is Format[image_format]
    assert facts.size == (37, 21)
    assert (facts.bit_depth, facts.has_alpha) == (depth, has_alpha)
    assert (facts.frame_count, facts.duration_ms, facts.orientation) == (1, None, 1)
    assert facts.size_bytes == len(encoded)
    assert facts.profile_name == ""


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_the_profile_is_named(image_format: str) -> None:
    profile = rgb_profile("Display P3", DISPLAY_P3)
    encoded = save(PillowImage.new("RGB", (8, 8)), image_format, icc_profile=profile)
    assert inspect(encoded, Limits()).profile_name == "Display P3"


def test_a_profile_in_several_segments_is_put_together() -> None:
    profile = rgb_profile("x" * 50, DISPLAY_P3)
    large = profile + bytes(150_000)
    encoded = save(PillowImage.new("RGB", (8, 8)), "JPEG", icc_profile=large)
    assert inspect(encoded, Limits()).profile_name == "x" * 50


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "TIFF", "BMP"])
def test_a_picture_past_the_pixel_budget_is_refused(image_format: str) -> None:
    encoded = save(PillowImage.new("RGB", (100, 100)), image_format)
    assert inspect(encoded, Limits(max_pixels=10_000)).size == (100, 100)
    with pytest.raises(ImageTooLarge, match=r"100x100 pixels in 1 frame\(s\) are 10000"):
        inspect(encoded, Limits(max_pixels=9_999))


@pytest.mark.parametrize("image_format", ["WEBP", "GIF", "AVIF", "PNG"])
def test_frames_count_towards_the_budget(image_format: str) -> None:
    frames = [PillowImage.new("RGB", (50, 50), (shade, 0, 0)) for shade in (0, 90, 180)]
    encoded = save(frames[0], image_format, save_all=True, append_images=frames[1:], duration=100)
    with pytest.raises(ImageTooLarge, match=r"in 3 frame\(s\) are 7500"):
        inspect(encoded, Limits(max_pixels=7_499))


def test_a_bomb_is_refused_by_its_header_alone() -> None:
    encoded = bytearray(save(PillowImage.new("1", (8, 8)), "PNG"))
    encoded[16:24] = (60_000).to_bytes(4, "big") * 2
    with pytest.raises(ImageTooLarge, match="60000x60000"):
        inspect(bytes(encoded), Limits())


def test_a_gif_frame_beyond_its_screen_counts_in_full() -> None:
    encoded = bytearray(save(PillowImage.new("L", (8, 8)), "GIF"))
    at = encoded.index(b"\x2c\0\0\0\0\x08\0\x08\0")
    encoded[at + 5 : at + 9] = (50_000).to_bytes(2, "little") * 2
    with pytest.raises(ImageTooLarge, match="50000x50000"):
        inspect(bytes(encoded), Limits())


def test_too_many_bytes_are_refused() -> None:
    encoded = save(PillowImage.new("RGB", (8, 8)), "PNG")
    with pytest.raises(ImageTooLarge, match=f"has {len(encoded)} bytes; at most 20"):
        inspect(encoded, Limits(max_input_bytes=20))


def test_only_the_first_page_of_a_tiff_is_read_and_that_is_said() -> None:
    pages = [PillowImage.new("RGB", (8, 8)) for _ in range(3)]
    encoded = save(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    facts = inspect(encoded, Limits())
    assert facts.frame_count == 1
    assert facts.warnings == ("of 3 pages only the first was read",)


def test_what_is_no_image_is_named() -> None:
    with pytest.raises(UnsupportedFormat, match="looks like a PDF document"):
        inspect(b"%PDF-1.4\n", Limits())


@pytest.mark.parametrize(
    "encoded",
    [
        b"GIF89a\x08\0\x08\0\0\0\0" + b"\x21\xfe" + b"\x01a" * (MAX_PARTS + 1),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x08\0\0\0\x08\x08\0\0\0\0"
        + bytes(4)
        + b"\0\0\0\0tEXt\0\0\0\0" * (MAX_PARTS + 1),
        b"RIFF\0\0\0\0WEBP" + b"JUNK\0\0\0\0" * (MAX_PARTS + 1),
        b"\xff\xd8\xff\xe0" + b"\0\x02\xff\xe0" * (MAX_PARTS + 1),
    ],
    ids=["GIF", "PNG", "WebP", "JPEG"],
)
def test_a_file_of_endless_tiny_parts_is_refused_soon(encoded: bytes) -> None:
    with pytest.raises(DamagedImage, match="parts"):
        inspect(encoded, Limits())


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "TIFF", "BMP"])
def test_every_beginning_of_a_file_is_refused_and_never_a_surprise(image_format: str) -> None:
    encoded = save(PillowImage.new("RGB", (16, 16), (9, 99, 199)), image_format)
    for length in range(len(encoded)):
        try:
            inspect(encoded[:length], Limits(), tolerate_truncated=True)
        except (DamagedImage, UnsupportedFormat):
            continue
