"""Colour profiles are converted to sRGB, by the same engine that Pillow's users have."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image as PillowImage
from PIL import ImageCms

from imaging.decode import decode
from imaging.header import read_header
from imaging.image import Pixels
from imaging.limits import Limits
from imaging.profile import to_srgb
from imaging.spec import RenditionSpec
from tests.imaging.icc import ADOBE_RGB, DISPLAY_P3, SRGB, cmyk_profile, grey_profile, rgb_profile
from tests.imaging.made import FULL, as_bgra, opened, run, save

P3 = rgb_profile("Display P3", DISPLAY_P3)
ADOBE = rgb_profile("Adobe RGB (1998)", ADOBE_RGB, 563 / 256)


def decoded(encoded: bytes) -> Pixels:
    return decode(read_header(encoded, Limits()), encoded).pixels


def by_pillow(encoded: bytes, profile: bytes) -> Pixels:
    image = opened(encoded)
    mode = "RGB" if image.mode != "CMYK" else "CMYK"
    converted = ImageCms.profileToProfile(
        image.convert(mode),
        ImageCms.ImageCmsProfile(BytesIO(profile)),
        ImageCms.createProfile("sRGB"),
        outputMode="RGB",
    )
    assert converted is not None
    return as_bgra(converted)[:, :, :3]


@pytest.mark.parametrize("profile", [P3, ADOBE], ids=["Display P3", "Adobe RGB"])
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_a_wide_gamut_picture_is_converted(
    photograph: Pixels, image_format: str, profile: bytes
) -> None:
    image = PillowImage.fromarray(photograph[400:464, 150:214, ::-1])
    encoded = save(image, image_format, icc_profile=profile)
    header = read_header(encoded, Limits())
    assert header.profile_name in {"Display P3", "Adobe RGB (1998)"}
    ours = decode(header, encoded).pixels.astype(int)
    assert np.abs(ours - by_pillow(encoded, profile)).mean() < 1.0
    assert np.abs(ours - as_bgra(opened(encoded))[:, :, :3]).max() > 10


def test_a_p3_colour_has_the_numbers_that_colour_science_gives() -> None:
    # (200, 120, 60) in Display P3; the matrices of SMPTE RP 431-2 and IEC 61966-2-1.
    pixels = np.full((1, 1, 3), (60, 120, 200), np.uint8)
    assert np.abs(to_srgb(pixels, P3)[0, 0].astype(int) - (42, 115, 213)).max() <= 1


def test_a_profile_that_is_srgb_by_another_name_changes_nothing(photograph: Pixels) -> None:
    profile = rgb_profile("my monitor", SRGB)
    assert to_srgb(photograph, profile) is photograph


def test_a_profile_that_lies_about_its_name_is_converted_all_the_same(photograph: Pixels) -> None:
    profile = rgb_profile("sRGB IEC61966-2.1", DISPLAY_P3)
    assert not np.array_equal(to_srgb(photograph, profile), photograph)


@pytest.mark.parametrize("profile", [b"garbage", P3[:200], bytes(300)])
def test_a_broken_profile_is_ignored(photograph: Pixels, profile: bytes) -> None:
    assert np.array_equal(to_srgb(photograph, profile), photograph)


def test_alpha_passes_through_a_conversion(photograph: Pixels) -> None:
    alpha = np.arange(512 * 512, dtype=np.uint32).reshape(512, 512).astype(np.uint8)
    converted = to_srgb(np.dstack([photograph, alpha]), P3)
    assert np.array_equal(converted[:, :, 3], alpha)
    assert np.array_equal(converted[:, :, :3], to_srgb(photograph, P3))


@pytest.mark.parametrize("profile", [grey_profile("linear", 1.0), rgb_profile("linear", SRGB, 1)])
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "AVIF", "TIFF"])
def test_a_grey_picture_with_a_profile_is_converted(image_format: str, profile: bytes) -> None:
    image = PillowImage.new("L", (8, 8), 55)
    ours = decoded(save(image, image_format, icc_profile=profile))
    # 55/255 of linear light is 128 in sRGB.
    assert np.abs(ours.astype(int) - 128).max() <= 1


@pytest.mark.parametrize(
    ("image_format", "mode"),
    [
        *(("JPEG", "RGB"), ("WEBP", "RGB"), ("AVIF", "RGB")),
        *(("PNG", "RGB"), ("PNG", "P"), ("TIFF", "RGB"), ("TIFF", "P")),
    ],
)
def test_a_grey_profile_leaves_a_colour_picture_alone(
    photograph: Pixels, image_format: str, mode: str
) -> None:
    image = PillowImage.fromarray(photograph[400:464, 150:214, ::-1]).convert(mode)
    plain = decoded(save(image, image_format))
    assert np.array_equal(
        decoded(save(image, image_format, icc_profile=grey_profile("grey", 2.2))), plain
    )


def test_cmyk_is_converted_by_its_profile(photograph: Pixels) -> None:
    profile = cmyk_profile("only black shows")
    cmyk = PillowImage.fromarray(photograph[:32, :32]).convert("RGB").convert("CMYK")
    encoded = save(cmyk, "JPEG", icc_profile=profile, quality=95)
    ours = decoded(encoded)
    assert np.abs(ours.astype(int) - by_pillow(encoded, profile)).max() <= 1
    assert np.ptp(ours, axis=2).max() <= 2


def test_renditions_carry_no_profile_and_are_srgb(photograph: Pixels) -> None:
    image = PillowImage.fromarray(photograph[:, :, ::-1])
    encoded = save(image, "PNG", icc_profile=P3)
    _, made = run(encoded, RenditionSpec("a", FULL, quality=95))
    assert "icc_profile" not in opened(made["a"].encoded).info
    shown = as_bgra(opened(made["a"].encoded))[:, :, :3].astype(int)
    assert np.abs(shown - to_srgb(photograph, P3)).mean() < 3
