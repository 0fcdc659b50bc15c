"""Opening the catalog's database, and bringing its tables up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry

MIGRATIONS = Path(__file__).parent.parent / "migrations"
# How long a writer waits for another before it gives up.
_BUSY_TIMEOUT_MS = 15_000


def open_database(url: str) -> Engine:
    """Open SQLite or Postgres and bring the tables up to date.

    Args:
        url: as "sqlite:////data/catalog.db" or "postgresql://user:secret@host/name".

    Raises:
        sqlalchemy.exc.ArgumentError: the URL is none.
        sqlalchemy.exc.OperationalError: the database does not answer.
    """
    engine = _sqlite(url) if url.startswith("sqlite") else _postgres(url)
    migrate(engine)
    return engine


def sqlite_url(data_dir: Path) -> str:
    """Return the URL of the embedded catalog in a data folder, which is made if missing."""
    data_dir.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{(data_dir / 'catalog.db').resolve()}"


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to a revision, upwards; the one lock keeps two processes apart."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            # Any number that nothing else in the database uses.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7446274017)")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def _sqlite(url: str) -> Engine:
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def _connect(connection: object, _record: ConnectionPoolEntry) -> None:
        # Autocommit mode of the driver, so that BEGIN below is ours.
        connection.isolation_level = None  # type: ignore[attr-defined]  # a DB-API connection
        cursor = connection.cursor()  # type: ignore[attr-defined]  # a DB-API connection
        cursor.execute("PRAGMA journal_mode = WAL")
        # A commit must survive a power cut: the row is what makes an asset exist.
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads and then writes would fail at once, without waiting,
        # if another one wrote in between; one that only reads must not wait at all.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")

    return engine


def _postgres(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.drivername in {"postgres", "postgresql"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    # Ask before use: a connection may have been cut while it lay in the pool.
    return create_engine(parsed, pool_pre_ping=True, pool_size=10, max_overflow=20)
