"""HEIC: told from its boxes by anyone, decoded where the optional decoder is installed."""

import struct
import sys
from io import BytesIO

import numpy as np
import pytest
from PIL import Image as PillowImage

from imaging.errors import UnsupportedFormat
from imaging.facts import inspect
from imaging.formats import Format
from imaging.limits import Limits
from imaging.spec import RenditionSpec
from tests.imaging.made import FULL, as_bgra, corners, opened, run


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def heic(width: int, height: int, turns: int) -> bytes:
    """The boxes of a HEIC without its coded picture."""
    properties = box(
        b"ipco",
        box(b"ispe", bytes(4), struct.pack(">II", width, height)),
        box(b"pixi", bytes(4), b"\x03\x0a\x0a\x0a"),
        box(b"irot", bytes([turns])),
    )
    linked = box(b"ipma", bytes(4), struct.pack(">IHB3B", 1, 7, 3, 1, 2, 0x83))
    meta = box(
        b"meta",
        bytes(4),
        box(b"pitm", bytes(4), struct.pack(">H", 7)),
        box(b"iprp", properties, linked),
    )
    return box(b"ftyp", b"heic", bytes(4), b"mif1heic") + meta


def test_it_is_inspected_from_its_boxes() -> None:
    facts = inspect(heic(400, 300, 1), Limits())
    assert facts.format is Format.HEIC
    assert facts.size == (300, 400)
    assert (facts.orientation, facts.bit_depth, facts.frame_count) == (8, 10, 1)


def test_without_its_decoder_it_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(UnsupportedFormat, match="without its extra 'heic'"):
        run(heic(400, 300, 0))


@pytest.mark.parametrize("orientation", [1, 6])
def test_with_its_decoder_it_is_made_upright(orientation: int) -> None:
    pillow_heif = pytest.importorskip("pillow_heif", reason="the extra 'heic' is not installed")
    pillow_heif.register_heif_opener()
    exif = PillowImage.Exif()
    exif[0x0112] = orientation
    encoded = BytesIO()
    corners(64, 48).save(encoded, "HEIF", quality=95, exif=exif)
    facts, made = run(encoded.getvalue(), RenditionSpec("a", FULL, format=Format.PNG))
    with PillowImage.open(encoded) as theirs:
        expected = as_bgra(theirs)
    ours = as_bgra(opened(made["a"].encoded))
    assert facts.size == (expected.shape[1], expected.shape[0])
    assert np.abs(ours.astype(int) - expected).mean() < 2
