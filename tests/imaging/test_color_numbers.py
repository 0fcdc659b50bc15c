"""Colour spaces without an ICC profile: numbers in PNG and AVIF, against plain colour science."""

import struct
import zlib
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image as PillowImage

from imaging.decode import decode
from imaging.facts import inspect
from imaging.header import read_header
from imaging.limits import Limits
from tests.imaging.icc import ADOBE_RGB, rgb_profile
from tests.imaging.made import save

Numbers = npt.NDArray[np.float64]

D65 = (0.3127, 0.3290)
BT709 = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
P3 = ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06))
BT2020 = ((0.708, 0.292), (0.17, 0.797), (0.131, 0.046))
# Inside sRGB and outside of it.
COLORS = [(200, 120, 60), (120, 130, 125), (255, 255, 255), (20, 24, 30), (230, 40, 60)]


def to_xyz(primaries: tuple[tuple[float, float], ...]) -> Numbers:
    """The matrix from linear RGB to XYZ (SMPTE RP 177); all spaces here have one white."""
    columns = np.array([(x / y, 1, (1 - x - y) / y) for x, y in primaries]).T
    white = np.array([D65[0] / D65[1], 1, (1 - D65[0] - D65[1]) / D65[1]])
    return columns * np.linalg.solve(columns, white)


def srgb_light(values: Numbers) -> Numbers:
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def power(gamma: float) -> Callable[[Numbers], Numbers]:
    return lambda values: values**gamma


def in_srgb(
    primaries: tuple[tuple[float, float], ...], light: Callable[[Numbers], Numbers]
) -> Numbers:
    """COLORS in sRGB, (color, channel), 0 to 255."""
    matrix = np.linalg.inv(to_xyz(BT709)) @ to_xyz(primaries)
    linear = np.clip(light(np.array(COLORS) / 255) @ matrix.T, 0, 1)
    shown = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(shown * 255), np.float64)


def picture() -> PillowImage.Image:
    """Every colour a square of 16 pixels."""
    image = PillowImage.new("RGB", (16 * len(COLORS), 16))
    for index, color in enumerate(COLORS):
        image.paste(color, (16 * index, 0, 16 * index + 16, 16))
    return image


def png(*chunks: tuple[bytes, bytes], **options: bytes) -> bytes:
    plain = save(picture(), "PNG", **options)
    added = b"".join(
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )
    return plain[:33] + added + plain[33:]


def avif(primaries: int, transfer: int, **options: bytes) -> bytes:
    encoded = save(picture(), "AVIF", quality=100, subsampling="4:4:4", **options)
    at = encoded.index(b"colrnclx") + 8
    return encoded[:at] + struct.pack(">HH", primaries, transfer) + encoded[at + 4 :]


def cicp(primaries: int, transfer: int) -> tuple[bytes, bytes]:
    return b"cICP", bytes([primaries, transfer, 0, 1])


def gama(value: int) -> tuple[bytes, bytes]:
    return b"gAMA", struct.pack(">I", value)


def chrm(primaries: tuple[tuple[float, float], ...]) -> tuple[bytes, bytes]:
    pairs = [D65, *primaries]
    return b"cHRM", struct.pack(
        ">8I", *(round(number * 100_000) for pair in pairs for number in pair)
    )


def shown(encoded: bytes) -> npt.NDArray[np.int64]:
    """What became of COLORS, (color, channel), red first."""
    pixels = decode(read_header(encoded, Limits()), encoded).pixels
    return pixels[8, 8::16, ::-1].astype(np.int64)


def name(encoded: bytes) -> str:
    return inspect(encoded, Limits()).profile_name


NAMED = [
    (12, 13, P3, srgb_light, "Display P3"),
    (12, 1, P3, srgb_light, "Display P3"),
    (9, 14, BT2020, srgb_light, "BT.2020"),
    (9, 8, BT2020, power(1.0), "BT.2020, linear"),
    (1, 8, BT709, power(1.0), "BT.709, linear"),
    (1, 4, BT709, power(2.2), "BT.709, gamma 2.2"),
    (12, 5, P3, power(2.8), "Display P3, gamma 2.8"),
]


@pytest.mark.parametrize(("primaries", "transfer", "xy", "light", "called"), NAMED)
def test_a_space_that_a_png_names_by_numbers_is_converted(
    primaries: int,
    transfer: int,
    xy: tuple[tuple[float, float], ...],
    light: Callable[[Numbers], Numbers],
    called: str,
) -> None:
    encoded = png(cicp(primaries, transfer))
    assert np.abs(shown(encoded) - in_srgb(xy, light)).max() <= 1
    assert name(encoded) == called


@pytest.mark.parametrize(("primaries", "transfer", "xy", "light", "called"), NAMED)
def test_a_space_that_an_avif_names_by_numbers_is_converted(
    primaries: int,
    transfer: int,
    xy: tuple[tuple[float, float], ...],
    light: Callable[[Numbers], Numbers],
    called: str,
) -> None:
    encoded = avif(primaries, transfer)
    # A lossy codec may be off by two.
    assert np.abs(shown(encoded) - in_srgb(xy, light)).max() <= 3
    assert name(encoded) == called


@pytest.mark.parametrize("transfer", [1, 6, 13, 14, 15])
def test_srgb_by_numbers_changes_nothing_and_has_no_name(transfer: int) -> None:
    encoded = png(cicp(1, transfer), gama(100_000))
    assert shown(encoded).tolist() == [list(color) for color in COLORS]
    assert name(encoded) == ""
    assert np.array_equal(shown(avif(1, transfer)), shown(avif(2, 2)))


@pytest.mark.parametrize(("transfer", "called"), [(16, "BT.2020 PQ"), (18, "BT.2020 HLG")])
def test_hdr_is_left_as_it_is_and_that_is_said(transfer: int, called: str) -> None:
    encoded = png(cicp(9, transfer))
    assert shown(encoded).tolist() == [list(color) for color in COLORS]
    for facts in (inspect(encoded, Limits()), inspect(avif(9, transfer), Limits())):
        assert facts.profile_name == called
        assert "HDR" in facts.warnings[0]


@pytest.mark.parametrize(
    ("chunks", "xy", "light", "called"),
    [
        ((gama(100_000),), BT709, power(1.0), "gamma 1"),
        ((gama(55_556),), BT709, power(1.8), "gamma 1.8"),
        ((chrm(P3),), P3, srgb_light, "primaries of its own"),
        ((gama(45_455), chrm(P3)), P3, srgb_light, "primaries of its own"),
        ((gama(55_556), chrm(P3)), P3, power(1.8), "primaries of its own, gamma 1.8"),
    ],
)
def test_png_gamma_and_chromaticities_are_converted(
    chunks: tuple[tuple[bytes, bytes], ...],
    xy: tuple[tuple[float, float], ...],
    light: Callable[[Numbers], Numbers],
    called: str,
) -> None:
    encoded = png(*chunks)
    assert np.abs(shown(encoded) - in_srgb(xy, light)).max() <= 1
    assert name(encoded) == called


@pytest.mark.parametrize(
    "chunks",
    [
        (gama(45_455), chrm(BT709)),
        (gama(45_450),),
        (gama(0),),
        ((b"gAMA", b"\1"),),
        ((b"cHRM", bytes(32)),),
        ((b"cHRM", b"\xff" * 32),),
        (chrm((BT709[0],) * 3),),
        ((b"sRGB", b"\0"), gama(100_000), chrm(P3)),
        (cicp(200, 13),),
        (cicp(12, 200),),
        ((b"cICP", b"\x0c\x0d"),),
    ],
)
def test_numbers_that_say_srgb_or_make_no_sense_change_nothing(
    chunks: tuple[tuple[bytes, bytes], ...],
) -> None:
    encoded = png(*chunks)
    assert shown(encoded).tolist() == [list(color) for color in COLORS]
    assert name(encoded) == ""


def test_numbers_count_more_than_a_profile_in_png_and_less_in_avif() -> None:
    adobe = rgb_profile("Adobe RGB", ADOBE_RGB, 2.2)
    assert name(png(cicp(12, 13), icc_profile=adobe)) == "Display P3"
    assert name(png(cicp(9, 16), icc_profile=adobe)) == "Adobe RGB"
    assert name(png(chrm(P3), icc_profile=adobe)) == "Adobe RGB"
    assert name(avif(12, 13, icc_profile=adobe)) == "Adobe RGB"
