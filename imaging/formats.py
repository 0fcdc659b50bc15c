"""The formats that are allowed in, told apart by their first bytes and by nothing else."""

from codecs import getincrementaldecoder
from enum import Enum

# What `sniff` and `describe` want to see of a file; fewer bytes may be the whole file.
HEAD_BYTES = 512


class Format(Enum):
    """An encoded image format.

    Attributes:
        content_type: media type.
        extension: usual file name extension, without a dot.
    """

    JPEG = ("image/jpeg", "jpg")
    PNG = ("image/png", "png")
    WEBP = ("image/webp", "webp")
    AVIF = ("image/avif", "avif")
    GIF = ("image/gif", "gif")
    TIFF = ("image/tiff", "tif")
    BMP = ("image/bmp", "bmp")
    HEIC = ("image/heic", "heic")

    def __init__(self, content_type: str, extension: str) -> None:
        self.content_type = content_type
        self.extension = extension


# A file that begins with the bytes is of the format.
_MAGIC = (
    (b"\xff\xd8\xff", Format.JPEG),
    (b"\x89PNG\r\n\x1a\n", Format.PNG),
    (b"GIF87a", Format.GIF),
    (b"GIF89a", Format.GIF),
    (b"II*\x00", Format.TIFF),
    (b"MM\x00*", Format.TIFF),
)

_AVIF_BRANDS = {b"avif", b"avis"}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
# The sizes that a BMP header may have, from OS/2 1.x to Windows version 5.
_BMP_HEADER_BYTES = {12, 16, 40, 52, 56, 64, 108, 124}


def sniff(head: bytes) -> Format | None:
    """Return the format that a file's first bytes say; None if it is not allowed in.

    Args:
        head: the first `HEAD_BYTES` of the file, or all of a shorter one.
    """
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Format.WEBP
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADER_BYTES:
        return Format.BMP
    brands = _brands(head)
    if brands & _AVIF_BRANDS:
        return Format.AVIF
    if brands & _HEIC_BRANDS:
        return Format.HEIC
    return None


def _brands(head: bytes) -> set[bytes]:
    """Return all brands of an ISO media file (ISO/IEC 14496-12, 4.3); none if it is not one."""
    if head[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(head[:4], "big"), len(head))
    return {head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))}


# What callers send that is no image of ours, by how it begins.
_OTHERS = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "gzip compressed data"),
    (b"BZh", "bzip2 compressed data"),
    (b"\xfd7zXZ\x00", "xz compressed data"),
    (b"\x28\xb5\x2f\xfd", "zstd compressed data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "a program for Linux"),
    (b"MZ", "a program for Windows"),
    (b"8BPS", "a Photoshop document"),
    (b"%!PS", "a PostScript document"),
    (b"\xff\x0a", "a JPEG XL image"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL image"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 image"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 image"),
    (b"\x00\x00\x01\x00", "an icon (ICO)"),
    (b"\x00\x00\x02\x00", "a cursor (CUR)"),
    (b"\x76\x2f\x31\x01", "an OpenEXR image"),
    (b"#?RADIANCE", "a Radiance HDR image"),
    (b"II+\x00", "a BigTIFF image"),
    (b"MM\x00+", "a BigTIFF image"),
    (b"gimp xcf", "a GIMP document"),
    (b"AT&TFORM", "a DjVu document"),
    (b"qoif", "a QOI image"),
    (b"DDS ", "a DirectDraw surface"),
    (b"\x1aE\xdf\xa3", "a Matroska or WebM video"),
    (b"FLV", "a Flash video"),
    (b"OggS", "an Ogg file"),
    (b"ID3", "an MP3 file"),
    (b"fLaC", "a FLAC file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x00asm", "a WebAssembly module"),
)


def describe(head: bytes) -> str:
    """Say in a few words what a file's first bytes look like, as "a PDF document".

    Args:
        head: as for `sniff`.
    """
    found = sniff(head)
    if found is not None:
        return f"{'an' if found is Format.AVIF else 'a'} {found.name} image"
    known = next((name for magic, name in _OTHERS if head.startswith(magic)), None)
    return known or _describe_container(head) or _describe_text(head)


def _describe_container(head: bytes) -> str | None:
    """Say what it is by what stands a little further in; None if that says nothing."""
    if not head:
        return "nothing at all: no bytes"
    if head[4:8] == b"ftyp":
        return "a video (MP4 or QuickTime)"
    if head[:4] == b"RIFF" and len(head) >= 12:
        return f"a RIFF file of type {head[8:12].decode('latin-1').strip()!r}"
    if len(head) > 2 and head[0] == ord("P") and head[1] in b"1234567" and head[2] in b" \n\r\t":
        return "a Netpbm image"
    return None


def _describe_text(head: bytes) -> str:
    """Say what kind of text it is, if it is one."""
    try:
        # Incremental, because the last character of a head may be cut.
        text = getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        text = "\x00"
    if any(ord(character) < 32 and character not in "\t\n\r\f" for character in text):
        return f"unknown binary data beginning {head[:8].hex(' ')}"
    start = text.lstrip("\ufeff \t\r\n").lower()
    if "<svg" in start:
        return "an SVG drawing"
    if start.startswith(("<!doctype html", "<html")):
        return "an HTML page"
    if start.startswith("<?xml"):
        return "an XML document"
    if start.startswith(("{", "[")):
        return "JSON"
    return "text"
