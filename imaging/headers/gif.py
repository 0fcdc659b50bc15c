"""GIF: screen, blocks and frames (GIF89a specification)."""

import struct

from imaging.errors import DamagedImage
from imaging.headers.found import MAX_PROFILE_BYTES, Found, parts
from imaging.image import Size

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_GRAPHIC_CONTROL, _APPLICATION = 0xF9, 0xFF
_ICC = b"ICCRGBG1012"
_NETSCAPE = b"NETSCAPE2.0"
_TRANSPARENT_FLAG = 0x01


def read(encoded: bytes) -> Found:
    """Read the screen, count the frames and add up their times, and look for the trailer."""
    walk = _Walk(encoded)
    walk.go()
    if not walk.frame_count:
        raise DamagedImage("the GIF has no frame")
    return Found(
        walk.size,
        canvas=walk.canvas,
        frame_count=walk.frame_count,
        duration_ms=walk.duration_ms if walk.frame_count > 1 else None,
        plays=walk.plays,
        has_alpha=walk.has_alpha,
        profile=walk.profile,
        complete=walk.complete,
    )


class _Walk:
    """One pass over a GIF's blocks; `go` fills the attributes."""

    def __init__(self, encoded: bytes) -> None:
        self._encoded = encoded
        self._parts = parts()
        width, height, flags = struct.unpack_from("<HHB", encoded, 6)
        self.size = self.canvas = Size(width, height)
        self._position = 13 + _table_bytes(flags)
        self.plays = 1
        self.frame_count = self.duration_ms = 0
        self.has_alpha = self.complete = False
        self.profile = b""

    def go(self) -> None:
        """Walk to the trailer or to where the file breaks off."""
        try:
            while self._block():
                pass
        except (IndexError, struct.error):
            # It breaks off; what came before counts.
            return

    def _block(self) -> bool:
        """Read one block; false at the trailer."""
        next(self._parts)
        kind = self._encoded[self._position]
        if kind == _EXTENSION:
            self._extension()
        elif kind == _IMAGE:
            self._image()
        elif kind == _TRAILER:
            self.complete = True
            return False
        else:
            # Decoders skip what they do not know between blocks; so do we.
            self._position += 1
        return True

    def _extension(self) -> None:
        label, size = struct.unpack_from("BB", self._encoded, self._position + 1)
        start = self._position + 3
        if label == _GRAPHIC_CONTROL:
            flags, hundredths = struct.unpack_from("<BH", self._encoded, start)
            self.duration_ms += 10 * hundredths
            self.has_alpha |= bool(flags & _TRANSPARENT_FLAG)
        name = self._encoded[start : start + size] if label == _APPLICATION else b""
        self._position += 2
        _, *blocks = self._sub_blocks(keep=name in {_ICC, _NETSCAPE}) or [b""]
        if name == _ICC:
            self.profile = b"".join(blocks)[:MAX_PROFILE_BYTES]
        elif name == _NETSCAPE and blocks and blocks[0][:1] == b"\x01":
            (repeats,) = struct.unpack_from("<H", blocks[0], 1)
            # 0 is for ever in both countings.
            self.plays = repeats and repeats + 1

    def _image(self) -> None:
        left, top, width, height, flags = struct.unpack_from(
            "<HHHHB", self._encoded, self._position + 1
        )
        # A frame may go beyond the screen. The first one enlarges the screen; of the
        # others that much is not seen, but a decoder may make room for it.
        right, bottom = left + width, top + height
        self.canvas = Size(max(self.canvas.width, right), max(self.canvas.height, bottom))
        if not self.frame_count:
            self.size = self.canvas
        self.frame_count += 1
        self._position += 11 + _table_bytes(flags)
        self._sub_blocks(keep=False)

    def _sub_blocks(self, *, keep: bool) -> list[bytes]:
        """Walk to behind the terminator; return the blocks if they are wanted."""
        kept = []
        while size := self._encoded[self._position]:
            next(self._parts)
            if keep:
                kept.append(self._encoded[self._position + 1 : self._position + 1 + size])
            self._position += 1 + size
        self._position += 1
        return kept


def _table_bytes(flags: int) -> int:
    """Return the size of the colour table that a packed field announces."""
    return int(3 * 2 ** ((flags & 7) + 1)) if flags & 0x80 else 0
