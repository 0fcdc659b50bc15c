"""Transactions of the catalog, and what the database says in its own words."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from services.ingest.errors import CatalogUnavailable
from services.rpc.errors import InvalidRequest

_log = structlog.get_logger(__name__)


class Sessions:
    """Opens transactions on one database. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._read_engine = engine
        self._write_engine = engine.execution_options(writes=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Read in one transaction.

        Raises:
            CatalogUnavailable: the database does not answer.
            InvalidRequest: it cannot keep or find such a value.
        """
        with _answering(), Session(self._read_engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Read and write in one transaction, which is committed if nothing is raised; as `read`."""
        with (
            _answering(),
            Session(self._write_engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session


@contextmanager
def _answering() -> Iterator[None]:
    """Say in our own words that the database is away or refuses; all else passes through."""
    try:
        yield
    except DataError as error:
        # Postgres keeps no NUL in a text; SQLite would.
        raise InvalidRequest(f"the catalog cannot keep or find this: {error.orig}") from error
    except (OperationalError, InterfaceError) as error:
        _log.warning("the catalog does not answer", error=str(error.orig))
        raise CatalogUnavailable from error
