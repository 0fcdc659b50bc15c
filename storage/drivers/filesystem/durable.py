"""Names that survive a power cut: folders, renames and removals with their fsync."""

import errno
import os
from contextlib import suppress
from pathlib import Path

from storage.errors import StoreUnavailable

# How often a folder may be pruned just when something is to be placed in it.
_ATTEMPTS = 100


def sync_folder(folder: Path) -> None:
    """Write a folder's names through to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, each durable in its own parent.

    Raises:
        FileNotFoundError: a parent vanished as soon as it was made, or cannot hold it.
    """
    try:
        folder.mkdir()
    except FileExistsError:
        return
    except FileNotFoundError:
        make_folder(folder.parent)
        # Not pathlib's exist_ok: it fails when the folder is pruned at this moment.
        with suppress(FileExistsError):
            folder.mkdir()
    sync_folder(folder.parent)


def place(source: Path, target: Path) -> None:
    """Move a file to its place, making the folders there, durably.

    Args:
        source: a file that is synced already.
        target: its new name. Its folder may vanish under us any time before the file
            is in it, because `remove` prunes folders that are empty.
    """
    for _ in range(_ATTEMPTS):
        try:
            source.replace(target)
        except FileNotFoundError:
            if not source.exists():
                raise
        else:
            sync_folder(target.parent)
            return
        with suppress(FileNotFoundError):
            make_folder(target.parent)
    raise StoreUnavailable(f"the folder of {target.name!r} vanishes whenever it is made")


def remove(path: Path, root: Path) -> None:
    """Remove a file durably, then the folders that it leaves empty, below `root`.

    A folder is removed only by the system's own test that it is empty, so a file that
    another writer places there in the meantime is never lost.
    """
    path.unlink()
    folder = path.parent
    while True:
        try:
            sync_folder(folder)
            break
        except FileNotFoundError:  # pruned by another; its own parent knows
            folder = folder.parent
    while folder != root:
        try:
            folder.rmdir()
        except OSError as error:
            if error.errno in {errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT}:
                return
            raise
        folder = folder.parent
