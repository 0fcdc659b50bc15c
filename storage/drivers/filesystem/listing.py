"""The keys below a folder, in byte order, from any point on."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from storage.drivers.filesystem.names import is_cut, text_of


class Entry(NamedTuple):
    """An object's file, or a folder of them.

    Attributes:
        key: the object's key; or the keys' common beginning, ending with "/".
        path: on the disk.
    """

    key: str
    path: Path


def walk(root: Path, prefix: str, delimiter: str, after: str) -> Iterator[Entry]:
    """Yield objects and, folded, common prefixes in the byte order of their keys.

    Args:
        root: folder of all objects.
        prefix: what the keys begin with; need not end at a segment.
        delimiter: "/" folds, "" does not.
        after: only what comes after this key or common prefix.
    """
    yield from _walk(root, "", prefix, delimiter, after)


def _walk(folder: Path, above: str, prefix: str, delimiter: str, after: str) -> Iterator[Entry]:
    """Yield what is in one folder and below it; `above` is the folder's part of the keys."""
    # Text in the order of its code points is in the byte order of its UTF-8.
    for entry in sorted(_entries(folder, above)):
        if not entry.key.endswith("/"):
            if entry.key.startswith(prefix) and entry.key > after:
                yield entry
            continue
        if not (entry.key.startswith(prefix) or prefix.startswith(entry.key)):
            continue
        if entry.key <= after and not after.startswith(entry.key):
            continue
        if delimiter and entry.key.startswith(prefix) and entry.key != prefix:
            # A writer makes folders before its object is in them.
            if entry.key != after and any(_walk(entry.path, entry.key, "", "", "")):
                yield entry
            continue
        yield from _walk(entry.path, entry.key, prefix, delimiter, after)


def _entries(folder: Path, above: str) -> Iterator[Entry]:
    """Yield what one folder holds, names that were cut put together again."""
    try:
        with os.scandir(folder) as found:
            names = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in found]
    except FileNotFoundError:  # pruned since its parent was read
        return
    for name, is_folder in names:
        text = above + text_of(name)
        if is_cut(name):
            yield from _entries(folder / name, text)
        else:
            yield Entry(text + "/" if is_folder else text, folder / name)
