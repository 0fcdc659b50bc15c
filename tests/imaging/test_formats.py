import pytest

from imaging.formats import Format, describe, sniff

ALLOWED = {
    Format.JPEG: b"\xff\xd8\xff\xe0\x00\x10JFIF",
    Format.PNG: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    Format.WEBP: b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    Format.AVIF: b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf",
    Format.GIF: b"GIF89a\x01\x00\x01\x00",
    Format.TIFF: b"II*\x00\x08\x00\x00\x00",
    Format.BMP: b"BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00",
    Format.HEIC: b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
}


@pytest.mark.parametrize("expected", Format)
def test_every_allowed_format_is_known_by_its_first_bytes(expected: Format) -> None:
    assert sniff(ALLOWED[expected]) is expected


def test_an_avif_that_names_itself_only_among_its_compatible_brands_is_avif() -> None:
    head = b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avifmiaf"
    assert sniff(head) is Format.AVIF


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"%PDF-1.7\n", "a PDF document"),
        (b"PK\x03\x04\x14\x00", "a ZIP archive or an Office document"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "a video (MP4 or QuickTime)"),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "a JPEG 2000 image"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "a RIFF file of type 'WAVE'"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg">', "an SVG drawing"),
        (b"<!DOCTYPE html><html>", "an HTML page"),
        (b'{"a": 1}', "JSON"),
        ("Grüße aus Köln".encode(), "text"),
        (b"BMW is a car maker", "text"),
        (b"\x93\x01\x02\x03", "unknown binary data beginning 93 01 02 03"),
        (b"", "nothing at all: no bytes"),
    ],
)
def test_other_bytes_are_refused_and_named(head: bytes, expected: str) -> None:
    assert sniff(head) is None
    assert describe(head) == expected


@pytest.mark.parametrize("length", range(20))
def test_a_head_cut_anywhere_is_described_and_not_an_error(length: int) -> None:
    for head in ALLOWED.values():
        assert describe(head[:length])
