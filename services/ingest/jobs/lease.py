"""Who is alive: every ingest process holds a lease that ends with it, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError


class Leases(Protocol):
    """One process's lease, and a look at those of others. Used by one thread."""

    def hold(self) -> None:
        """Take the own lease, or make sure that it is still held."""
        ...

    def claim(self, executor_id: str) -> AbstractContextManager[bool]:
        """Hold another's lease for a moment; gives False if its owner is alive."""
        ...

    def close(self) -> None:
        """Give the own lease back."""
        ...


class FileLeases:
    """Locks on files of the data folder, for processes of one machine.

    The kernel drops a lock with the process that holds it.
    """

    def __init__(self, folder: Path, executor_id: str) -> None:
        self._folder = folder
        self._own = folder / executor_id
        self._descriptor = -1

    def hold(self) -> None:
        """Take the lease once; it cannot get lost."""
        if self._descriptor < 0:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(self._own, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    @contextmanager
    def claim(self, executor_id: str) -> Iterator[bool]:
        """Try the other's lock; a dead one's file is removed afterwards."""
        path = self._folder / executor_id
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            yield False
            return
        try:
            yield True
            path.unlink(missing_ok=True)  # ids are never used again
        finally:
            os.close(descriptor)

    def close(self) -> None:
        """Drop the lock and its file."""
        if self._descriptor >= 0:
            self._own.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = -1


class PostgresLeases:
    """Advisory locks of a session of their own, for processes anywhere.

    Postgres drops them when the session ends. A session that was cut is opened again
    and the lease taken anew; until then others may take the process for dead, and do
    its work a second time, which every step allows.
    """

    def __init__(self, engine: Engine, executor_id: str) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._key = _lock_key(executor_id)
        self._connection: Connection | None = None

    def hold(self) -> None:
        """Take the lease, on a new session if the old one was cut.

        Raises:
            DBAPIError: Postgres does not answer.
        """
        try:
            if self._connection is not None:
                self._connection.execute(text("SELECT 1"))
                return
            self._connection = self._open()
            # Waits for nobody but a process that looks whether this one is alive.
            self._connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": self._key})
        except DBAPIError:
            self.close()
            raise

    @contextmanager
    def claim(self, executor_id: str) -> Iterator[bool]:
        """Try the other's lock, on the own session."""
        if self._connection is None:
            yield False
            return
        key = {"key": _lock_key(executor_id)}
        free = self._connection.execute(text("SELECT pg_try_advisory_lock(:key)"), key).scalar()
        try:
            yield bool(free)
        finally:
            if free:
                self._connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)

    def close(self) -> None:
        """End the session and with it the lease."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(DBAPIError):
                connection.invalidate()  # closes it rather than giving it back to the pool
                connection.close()

    def _open(self) -> Connection:
        return self._engine.connect()


def _lock_key(executor_id: str) -> int:
    """Return the 64 bits that an executor's lock is known by."""
    return int.from_bytes(sha256(executor_id.encode()).digest()[:8], "big", signed=True)
