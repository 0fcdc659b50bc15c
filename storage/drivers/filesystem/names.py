"""From keys to paths and back.

A segment of a key is a name on the disk as it stands wherever possible, so that an
operator finds `a/b/photo.jpg` at a/b/photo.jpg. Three things need more:

- An object `a` and objects under `a/` may both exist, a file and a folder of one
  name may not. A file whose name has a dot and a folder whose name has none keep
  their names; every other name gets a "~" at its end.
- "~" and "%" in a segment are written "%7E" and "%25".
- A name longer than a file system takes is cut; all pieces but the last are folders
  that end with a bare "%". A last piece "." or ".." of a file is written "%2E" or
  "%2E%2E"; a folder's has its "~" already, and may stand beside the file.
"""

from pathlib import Path
from urllib.parse import unquote

# File systems take 255 bytes; the last piece may get a "~".
_PIECE_BYTES = 250
_MARK = "~"
_CUT = "%"


def path_of(root: Path, key: str) -> Path:
    """Return where the object `key` lives under `root`."""
    *folders, name = key.split("/")
    pieces = [piece for folder in folders for piece in _pieces(folder, is_file=False)]
    return root.joinpath(*pieces, *_pieces(name, is_file=True))


def is_cut(name: str) -> bool:
    """Tell whether a folder only holds the rest of longer names."""
    return name.endswith(_CUT)


def text_of(name: str) -> str:
    """Return the part of a key segment that one name on the disk stands for."""
    if is_cut(name):
        return unquote(name.removesuffix(_CUT))
    return unquote(name.removesuffix(_MARK))


def _pieces(segment: str, *, is_file: bool) -> list[str]:
    """Return the names, one below the other, that stand for one segment."""
    mark = "" if ("." in segment) == is_file else _MARK
    escaped = [{"%": "%25", "~": "%7E"}.get(character, character) for character in segment]
    pieces, piece, piece_bytes = [], "", 0
    for character in escaped:
        size = len(character.encode())
        if piece_bytes + size > _PIECE_BYTES:
            pieces.append(piece + _CUT)
            piece, piece_bytes = "", 0
        piece += character
        piece_bytes += size
    last = piece + mark
    return [*pieces, last.replace(".", "%2E") if last in {".", ".."} else last]
