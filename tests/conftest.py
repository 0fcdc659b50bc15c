"""What tests of several folders share."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, make_url, text

pytest_plugins = ["tests.backends.fixtures"]

# A machine that is busy is no reason to fail.
settings.register_profile("tintype", deadline=None)
settings.load_profile("tintype")


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Postgres server of its own, gone when the tests are."""
    # Its library wants a place for its socket where the login session gave it none.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    pgserver = pytest.importorskip("pgserver", reason="no Postgres for this Python on PyPI")
    # A short path, because a socket's may have at most 107 bytes, and outside of pytest's own
    # folder, which the account that the server runs under may not enter.
    with tempfile.TemporaryDirectory(prefix="tintype-pg-", ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(Path(folder), cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def fresh_postgres_url(postgres_url: str) -> Iterator[str]:
    """The same server, with nothing in it afterwards."""
    yield postgres_url
    engine = create_engine(make_url(postgres_url).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
