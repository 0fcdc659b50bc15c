"""What an ICC profile calls itself."""

import struct

_MAX_TAGS = 200
_MAX_NAME = 200


def profile_name(profile: bytes) -> str:
    """Return the description of a profile, such as "Display P3"; empty if it has none.

    Reads the 'desc' tag in both its forms (ICC.1:2001 6.5.17, ICC.1:2022 10.15). A
    broken profile has no name; that is no error.
    """
    try:
        (count,) = struct.unpack_from(">I", profile, 128)
        for index in range(min(count, _MAX_TAGS)):
            tag, offset, _ = struct.unpack_from(">4sII", profile, 132 + 12 * index)
            if tag == b"desc":
                return _text(profile, offset)[:_MAX_NAME]
    except struct.error:
        pass
    return ""


def _text(profile: bytes, offset: int) -> str:
    """Read a text description or the first of many languages."""
    kind = profile[offset : offset + 4]
    if kind == b"desc":
        (length,) = struct.unpack_from(">I", profile, offset + 8)
        raw = profile[offset + 12 : offset + 12 + min(length, _MAX_NAME)]
        return _printable(raw.decode("latin-1"))
    if kind == b"mluc":
        length, start = struct.unpack_from(">II", profile, offset + 20)
        raw = profile[offset + start : offset + start + min(length, 2 * _MAX_NAME)]
        return _printable(raw.decode("utf-16-be", "replace"))
    return ""


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable()).strip()
