"""Damage done to valid files: reproducible, and of the kinds that break decoders."""

import random
import struct
import zlib

# What a length, a count or a size field has to be to overflow something.
_NUMBERS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
# Headers are a small part of a file and most of what can go wrong.
_HEADER_BYTES = 160


def mutate(encoded: bytes, other: bytes, source: random.Random) -> bytes:
    """Return a damaged copy.

    Args:
        encoded: a valid file.
        other: another one, to take pieces from.
        source: decides everything, so that a seed and a number name a mutation.
    """
    damaged = bytearray(encoded)
    for _ in range(source.choice((1, 1, 1, 2, 3, 8))):
        if damaged:
            source.choice(_KINDS)(damaged, other, source)
    if damaged[:8] == b"\x89PNG\r\n\x1a\n" and source.random() < 0.7:
        # Otherwise nothing gets past the checksums.
        return _with_right_checksums(bytes(damaged))
    return bytes(damaged)


def _place(damaged: bytearray, source: random.Random) -> int:
    end = min(_HEADER_BYTES, len(damaged)) if source.random() < 0.5 else len(damaged)
    return source.randrange(end)


def _flip_bit(damaged: bytearray, _: bytes, source: random.Random) -> None:
    damaged[_place(damaged, source)] ^= 1 << source.randrange(8)


def _set_byte(damaged: bytearray, _: bytes, source: random.Random) -> None:
    damaged[_place(damaged, source)] = source.choice(
        (0, 1, 0x7F, 0x80, 0xFF, source.randrange(256))
    )


def _set_number(damaged: bytearray, _: bytes, source: random.Random) -> None:
    at, number = _place(damaged, source), source.choice(_NUMBERS)
    layout = source.choice((">H", "<H", ">I", "<I"))
    packed = struct.pack(layout, number & (0xFFFF if layout[1] == "H" else 0xFFFFFFFF))
    damaged[at : at + len(packed)] = packed


def _cut(damaged: bytearray, _: bytes, source: random.Random) -> None:
    del damaged[_place(damaged, source) :]


def _remove(damaged: bytearray, _: bytes, source: random.Random) -> None:
    at = _place(damaged, source)
    del damaged[at : at + source.randrange(1, 64)]


def _repeat(damaged: bytearray, _: bytes, source: random.Random) -> None:
    at = _place(damaged, source)
    damaged[at:at] = damaged[at : at + source.randrange(1, 64)] * source.choice((1, 2, 20))


def _splice(damaged: bytearray, other: bytes, source: random.Random) -> None:
    at, start = _place(damaged, source), source.randrange(len(other))
    damaged[at : at + 64] = other[start : start + source.randrange(1, 256)]


def _noise(damaged: bytearray, _: bytes, source: random.Random) -> None:
    at = _place(damaged, source)
    length = source.randrange(1, 32)
    damaged[at : at + length] = source.randbytes(length)


_KINDS = (_flip_bit, _set_byte, _set_byte, _set_number, _cut, _remove, _repeat, _splice, _noise)


def _with_right_checksums(png: bytes) -> bytes:
    """Return the PNG with the checksum of every chunk made right."""
    mended, position = bytearray(png[:8]), 8
    while position + 12 <= len(png):
        (length,) = struct.unpack_from(">I", png, position)
        end = position + 8 + length
        if end + 4 > len(png):
            break
        chunk = png[position:end]
        mended += chunk + struct.pack(">I", zlib.crc32(chunk[4:]))
        position = end + 4
    return bytes(mended + png[position:])
