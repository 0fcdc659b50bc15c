"""Locks that hold between threads and between processes, and end with their holder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from storage.drivers.filesystem.errors import disk_errors

# Files are never removed, so their number is fixed; two keys may share one.
_STRIPES = 256


@contextmanager
def key_lock(folder: Path, key: str) -> Iterator[None]:
    """Hold the only right to change what is at `key`, for the moment of the change."""
    stripe = sha256(key.encode()).digest()[0] % _STRIPES
    descriptor = os.open(folder / f"{stripe:02x}", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def try_lock(path: Path) -> Iterator[bool]:
    """Try to hold the file at `path`; yields whether it worked.

    What is gone cannot be held, also when it goes at this moment.
    """
    try:
        with disk_errors():
            descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        yield False
        return
    try:
        yield _hold(descriptor)
    finally:
        os.close(descriptor)


def _hold(descriptor: int) -> bool:
    """Lock an open file unless another does, or unless it was removed meanwhile."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return os.fstat(descriptor).st_nlink > 0
