"""Every kind of picture decodes to what an independent reader shows."""

import struct
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image as PillowImage

from imaging.decode import decode
from imaging.errors import DamagedImage, UnsupportedFormat
from imaging.header import read_header
from imaging.image import Pixels
from imaging.limits import Limits
from tests.imaging.made import as_bgra, opened, save

# Kind, its format, Pillow's mode for it, options, and how far a lossy codec may be off.
KINDS: list[tuple[str, str, str, dict[str, Any], int]] = [
    ("jpeg", "JPEG", "RGB", {"quality": 90}, 3),
    ("jpeg 4:4:4", "JPEG", "RGB", {"quality": 90, "subsampling": 0}, 3),
    ("jpeg progressive", "JPEG", "RGB", {"progressive": True}, 3),
    ("jpeg grey", "JPEG", "L", {}, 3),
    ("jpeg cmyk", "JPEG", "CMYK", {}, 3),
    ("png rgb", "PNG", "RGB", {}, 0),
    ("png rgba", "PNG", "RGBA", {}, 0),
    ("png grey", "PNG", "L", {}, 0),
    ("png grey with alpha", "PNG", "LA", {}, 0),
    ("png palette", "PNG", "P", {}, 0),
    ("png palette, transparent colour", "PNG", "P", {"transparency": 7}, 0),
    ("png palette, alpha table", "PNG", "P", {"transparency": bytes(range(256))}, 0),
    ("png grey, transparent shade", "PNG", "L", {"transparency": 60}, 0),
    ("png rgb, transparent colour", "PNG", "RGB", {"transparency": (10, 20, 30)}, 0),
    ("png one bit", "PNG", "1", {}, 0),
    ("webp", "WEBP", "RGB", {"quality": 90}, 3),
    ("webp lossless with alpha", "WEBP", "RGBA", {"lossless": True, "exact": True}, 0),
    ("webp lossy with alpha", "WEBP", "RGBA", {"quality": 90}, 3),
    ("gif", "GIF", "P", {}, 0),
    ("gif, transparent colour", "GIF", "P", {"transparency": 7}, 0),
    ("avif", "AVIF", "RGB", {"quality": 90}, 3),
    ("avif with alpha", "AVIF", "RGBA", {"quality": 90}, 3),
    ("avif grey", "AVIF", "L", {"quality": 90}, 3),
    ("tiff", "TIFF", "RGB", {}, 0),
    ("tiff lzw", "TIFF", "RGB", {"compression": "tiff_lzw"}, 0),
    ("tiff deflate, alpha", "TIFF", "RGBA", {"compression": "tiff_adobe_deflate"}, 0),
    ("tiff cmyk", "TIFF", "CMYK", {}, 0),
    ("tiff palette", "TIFF", "P", {}, 0),
    ("tiff one bit, fax", "TIFF", "1", {"compression": "group4"}, 0),
    ("tiff ycbcr", "TIFF", "YCbCr", {}, 0),
    ("bmp", "BMP", "RGB", {}, 0),
    ("bmp palette", "BMP", "P", {}, 0),
    ("bmp one bit", "BMP", "1", {}, 0),
]


def source(photograph: Pixels, mode: str) -> PillowImage.Image:
    """A photograph of odd size in the mode; where there is alpha it fades from left to right."""
    image = PillowImage.fromarray(photograph[100:233, 100:301, ::-1])
    if mode in {"RGBA", "LA"}:
        fade = np.tile(np.linspace(0, 255, image.width).astype(np.uint8), (image.height, 1))
        image = image.convert(mode)
        image.putalpha(PillowImage.fromarray(fade))
        return image
    return image.convert(mode)


def decoded(encoded: bytes) -> Pixels:
    return decode(read_header(encoded, Limits()), encoded).pixels


def difference(ours: Pixels, theirs: Pixels) -> float:
    """Mean difference of what is seen: colour counts as much as it shows."""
    if ours.shape[2] == 3:
        assert int(theirs[:, :, 3].min()) == 255
        ours = np.dstack([ours, theirs[:, :, 3]])
    alpha = theirs[:, :, 3:].astype(float) / 255
    colors = np.abs(ours[:, :, :3].astype(float) - theirs[:, :, :3]) * alpha
    alphas = np.abs(ours[:, :, 3].astype(float) - theirs[:, :, 3])
    return float(max(colors.max() if colors.max() < 2 else colors.mean(), alphas.max()))


@pytest.mark.parametrize(
    ("image_format", "mode", "options", "tolerance"),
    [pytest.param(*kind[1:], id=kind[0]) for kind in KINDS],
)
def test_every_kind_decodes_as_an_independent_reader_shows_it(
    photograph: Pixels, image_format: str, mode: str, options: dict[str, Any], tolerance: int
) -> None:
    encoded = save(source(photograph, mode), image_format, **options)
    ours = decoded(encoded)
    assert difference(ours, as_bgra(opened(encoded))) <= max(tolerance, 1)


def png_16_bit(
    color_type: int, channels: int, rows: np.ndarray[Any, Any], transparent: bytes = b""
) -> bytes:
    """A 16-bit PNG written by hand, because Pillow writes only grey ones."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)

    height, width = rows.shape[0], rows.shape[1] // channels
    raw = b"".join(b"\0" + row.astype(">u2").tobytes() for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 16, color_type, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + (chunk(b"tRNS", transparent) if transparent else b"")
        + chunk(b"IDAT", zlib.compress(raw))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(("color_type", "channels"), [(0, 1), (2, 3), (4, 2), (6, 4)])
def test_16_bits_are_rounded_to_8(color_type: int, channels: int) -> None:
    rows = np.linspace(0, 65535, 8 * 8 * channels).astype(np.uint16).reshape(8, 8 * channels)
    encoded = png_16_bit(color_type, channels, rows)
    assert read_header(encoded, Limits()).found.bit_depth == 16
    expected = np.rint(rows / 257).astype(int).reshape(8, 8, channels)
    ours = decoded(encoded).astype(int)
    colors = expected[:, :, : 1 if channels < 3 else 3][:, :, ::-1]
    assert np.abs(ours[:, :, :3] - colors).max() == 0
    if channels in {2, 4}:
        assert np.abs(ours[:, :, 3] - expected[:, :, -1]).max() == 0


def test_16_bit_tiff_is_rounded_to_8() -> None:
    rows = np.linspace(0, 65535, 64).astype(np.uint16).reshape(8, 8)
    ours = decoded(save(PillowImage.fromarray(rows), "TIFF"))
    assert np.abs(ours[:, :, 0].astype(int) - np.rint(rows / 257)).max() == 0


@pytest.mark.parametrize(("color_type", "channels"), [(0, 1), (2, 3)])
def test_a_transparent_colour_of_16_bits_is_transparent(color_type: int, channels: int) -> None:
    key = (1000, 2000, 3000)[:channels]
    rows = np.full((4, 4 * channels), 5000, np.uint16)
    rows[0, :channels] = key
    # Another colour that rounds to the same one in 8 bits stays to be seen.
    rows[1, :channels] = np.array(key) + 1
    encoded = png_16_bit(color_type, channels, rows, struct.pack(f">{channels}H", *key))
    assert read_header(encoded, Limits()).found.has_alpha
    alpha = decoded(encoded)[:, :, 3]
    assert alpha[0, 0] == 0
    assert np.count_nonzero(alpha) == 15


def deep_tiff(rows: np.ndarray[Any, Any], bits: int, photometric: int) -> bytes:
    """A grey TIFF of one strip written by hand; 12 bits are packed, two samples in three bytes."""
    strip = rows.astype("<u2").tobytes()
    if bits == 12:
        digits = "".join(f"{value:03x}" for value in rows.ravel())
        strip = bytes.fromhex(digits)
    height, width = rows.shape
    tags = [(256, width), (257, height), (258, bits), (259, 1), (262, photometric)]
    tags += [(273, 8), (277, 1), (278, height), (279, len(strip))]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    directory = struct.pack("<H", len(tags)) + entries + bytes(4)
    return b"II*\0" + struct.pack("<I", 8 + len(strip)) + strip + directory


@pytest.mark.parametrize(("bits", "photometric"), [(12, 1), (16, 1), (16, 0)])
def test_deep_grey_in_a_tiff_has_its_brightness(bits: int, photometric: int) -> None:
    rows = np.linspace(0, 2**bits - 1, 64).astype(np.uint16).reshape(8, 8)
    ours = decoded(deep_tiff(rows, bits, photometric))[:, :, 0].astype(int)
    expected = np.rint(rows * (255 / (2**bits - 1)))
    assert np.abs(ours - (expected if photometric else 255 - expected)).max() == 0


@pytest.mark.parametrize("mode", ["I", "F"])
def test_measurements_are_refused_because_they_are_no_colours(mode: str) -> None:
    encoded = save(PillowImage.new(mode, (8, 8)), "TIFF")
    with pytest.raises(UnsupportedFormat, match="32-bit numbers"):
        decoded(encoded)


def test_alpha_that_hides_nothing_is_dropped() -> None:
    assert decoded(save(PillowImage.new("RGBA", (4, 4), (1, 2, 3, 255)), "PNG")).shape == (4, 4, 3)


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (7, 5)])
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "TIFF", "BMP"])
def test_the_smallest_and_the_thinnest_decode(image_format: str, size: tuple[int, int]) -> None:
    ours = decoded(save(PillowImage.new("RGB", size, (255, 255, 255)), image_format))
    assert ours.shape == (size[1], size[0], 3)
    assert int(ours.min()) > 250


def test_a_header_that_lies_about_its_size_is_damage() -> None:
    encoded = bytearray(save(PillowImage.new("RGB", (64, 64)), "JPEG"))
    frame = encoded.index(b"\xff\xc0")
    header = read_header(bytes(encoded), Limits())
    encoded[frame + 5 : frame + 9] = struct.pack(">HH", 32, 32)
    with pytest.raises(DamagedImage, match="64x64 pixels, the picture has 32x32"):
        decode(header, bytes(encoded))


def test_a_ycck_jpeg_shows_its_inks() -> None:
    """Made of a CMYK JPEG whose Adobe marker then says that it is YCCK (transform 2)."""
    inks = PillowImage.merge(
        "CMYK", [PillowImage.new("L", (32, 32), ink) for ink in (20, 220, 180, 40)]
    )
    cyan, magenta, yellow, black = inks.split()
    coded = PillowImage.merge("RGB", (cyan, magenta, yellow)).convert("YCbCr").split()
    # Pillow stores inks inverted, as Adobe does; what is coded must not be.
    bands = [band.point(lambda value: 255 - value) for band in coded]
    encoded = bytearray(
        save(PillowImage.merge("CMYK", [*bands, black]), "JPEG", quality=100, subsampling=0)
    )
    marker = encoded.index(b"Adobe")
    assert encoded[marker + 11] == 0
    encoded[marker + 11] = 2
    expected = as_bgra(inks)[0, 0, :3].astype(int)
    assert np.abs(decoded(bytes(encoded)).astype(int) - expected).max() <= 3
