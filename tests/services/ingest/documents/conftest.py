"""A pool of document processes, and files to give it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.ingest.documents.reader import DocumentReader


@pytest.fixture(scope="session")
def reader() -> Iterator[DocumentReader]:
    """Return a pool of one process, as patient as in production."""
    pool = DocumentReader()
    yield pool
    pool.close()


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], Path]:
    """Write bytes to a file."""

    def write(content: bytes) -> Path:
        path = tmp_path / "document"
        path.write_bytes(content)
        return path

    return write
