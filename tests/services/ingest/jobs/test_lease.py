"""Who is alive: leases on both databases, held and lost by real processes."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from services.ingest.catalog.database import open_database
from services.ingest.jobs.lease import FileLeases, Leases, PostgresLeases

# Holds the lease of "other" until it is killed.
_HOLDER = """
import sys, time
from pathlib import Path
from services.ingest.catalog.database import open_database
from services.ingest.jobs.lease import FileLeases, PostgresLeases
where = sys.argv[1]
if where.startswith("postgresql"):
    leases = PostgresLeases(open_database(where), "other")
else:
    leases = FileLeases(Path(where), "other")
leases.hold()
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture(params=["file", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where leases are: a folder, or a database."""
    if request.param == "file":
        return str(tmp_path)
    url: str = request.getfixturevalue("postgres_url")
    return url


@contextmanager
def leases_of(place: str, executor_id: str) -> Iterator[Leases]:
    """Hold the lease of an executor."""
    engine: Engine | None = None
    found: Leases
    if place.startswith("postgresql"):
        engine = open_database(place)
        found = PostgresLeases(engine, executor_id)
    else:
        found = FileLeases(Path(place), executor_id)
    found.hold()
    yield found
    found.close()
    if engine:
        engine.dispose()


@pytest.fixture
def leases(place: str) -> Iterator[Leases]:
    """Return the leases of "self", held."""
    with leases_of(place, "self") as found:
        yield found


def is_dead(leases: Leases, executor_id: str) -> bool:
    """Try another's lease."""
    with leases.claim(executor_id) as dead:
        return dead


def becomes_dead(leases: Leases, executor_id: str) -> bool:
    """Wait, because Postgres learns a moment later that a session ended."""
    deadline = time.monotonic() + 5
    while not (dead := is_dead(leases, executor_id)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return dead


def test_a_lease_ends_with_its_process(place: str, leases: Leases) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, place], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        assert not is_dead(leases, "other")
        holder.kill()
        holder.wait()
    assert becomes_dead(leases, "other")


def test_who_never_had_a_lease_is_dead(leases: Leases) -> None:
    assert is_dead(leases, "nobody")
    assert is_dead(leases, "nobody"), "looking changes nothing"


def test_only_one_at_a_time_claims_a_dead_ones_lease(place: str, leases: Leases) -> None:
    with leases_of(place, "second") as second:
        with leases.claim("nobody") as dead:
            assert dead
            assert not is_dead(second, "nobody")
        assert is_dead(second, "nobody")


def test_holding_again_changes_nothing(leases: Leases) -> None:
    leases.hold()
    leases.hold()
    assert is_dead(leases, "nobody")


def test_a_session_that_was_cut_is_opened_again(postgres_url: str) -> None:
    engine = open_database(postgres_url)
    own, other = PostgresLeases(engine, "own"), PostgresLeases(engine, "watcher")
    own.hold()
    other.hold()
    assert not is_dead(other, "own")
    admin = create_engine(engine.url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid IN "
                "(SELECT pid FROM pg_locks WHERE locktype = 'advisory')"
            )
        )
    for leases in (own, other):
        with pytest.raises(DBAPIError):
            leases.hold()
        leases.hold()
    assert not is_dead(other, "own"), "held again"
    own.close()
    assert becomes_dead(other, "own")
    other.close()
    admin.dispose()
    engine.dispose()
