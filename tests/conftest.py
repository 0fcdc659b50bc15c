"""What tests of several folders share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest_plugins = ["tests.backends.fixtures"]


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Postgres server of its own, gone when the tests are."""
    # Its library wants a place for its socket where the login session gave it none.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    pgserver = pytest.importorskip("pgserver", reason="no Postgres for this Python on PyPI")
    # A short path: a socket's may have at most 107 bytes.
    folder = Path(tmp_path_factory.mktemp("pg"))
    server = pgserver.get_server(folder, cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()
