"""A pool of document processes, and files to give it."""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.ingest.documents.reader import DocumentReader

# Test folders are no packages; the builders are a module beside the tests.
_spec = importlib.util.spec_from_file_location(
    "document_builders", Path(__file__).parent / "builders.py"
)
assert _spec
assert _spec.loader
sys.modules["document_builders"] = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(sys.modules["document_builders"])


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
