"""The four processes for real, shared by the tests of this folder."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack import Stack

_MEMORY = Path("/dev/shm")  # noqa: S108  # a fresh folder in it


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """storage, imaging, ingest and edge on free ports, over a folder of their own.

    In memory where the system offers it: a process that is killed loses no more there
    than on a disk, and hundreds of photographs wait for no fsync.
    """
    place = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    with (
        tempfile.TemporaryDirectory(prefix="tintype-", dir=place) as folder,
        Stack(Path(folder)) as running,
    ):
        yield running
