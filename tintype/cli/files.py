"""Which files a command line means."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# Only to choose inside a folder, where other files are no mistake; a file named
# outright is always tried, because its bytes decide and not its name.
_PICTURES = frozenset(
    (
        ".jpg",
        ".jpeg",
        ".jpe",
        ".jfif",
        ".png",
        ".webp",
        ".gif",
        ".avif",
        ".tif",
        ".tiff",
        ".bmp",
        ".heic",
        ".heif",
    )
)


@dataclass(frozen=True)
class Unreadable:
    """A path that cannot be used, and why."""

    path: Path
    reason: str


def find_pictures(paths: Iterable[Path]) -> Iterator[Path | Unreadable]:
    """Yield every file named and, in order, every picture in every folder named.

    Folders are walked to their depth. Hidden files and folders, and links to folders,
    are passed over; so is every file whose ending is not a picture's.
    """
    for path in paths:
        if path.is_dir():
            yield from _walk(path)
        elif (problem := why_unreadable(path)) is not None:
            yield Unreadable(path, problem)
        else:
            yield path


def why_unreadable(path: Path) -> str | None:
    """Say why a file cannot be read; None if it can."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return "neither a file nor a folder"
        with path.open("rb") as file:
            file.peek(1)
    except OSError as error:
        return error.strerror or str(error)
    return None


def _walk(folder: Path) -> Iterator[Path | Unreadable]:
    """Yield the pictures of a folder and of the folders in it."""
    found = False
    unreadable: list[Unreadable] = []

    def remember(error: OSError) -> None:
        unreadable.append(Unreadable(Path(error.filename), error.strerror or str(error)))

    for parent, folders, names in os.walk(folder, onerror=remember):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            if name.startswith(".") or path.suffix.lower() not in _PICTURES:
                continue
            found = True
            problem = why_unreadable(path)
            yield path if problem is None else Unreadable(path, problem)
    yield from unreadable
    if not found and not unreadable:
        yield Unreadable(folder, "no picture in this folder")
