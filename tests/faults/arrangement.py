"""The four processes and a second ingest, any of which may be killed at any moment."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from services.local.ready import serves
from tests.faults.postgres import Postgres, run_postgres
from tests.stack import NAMES, Stack

SECOND = "ingest2"
POSTGRES = "postgres"


class Arrangement(Stack):
    """A stack with two ingest processes over one database.

    Attributes:
        postgres: the database's server; None: the database is the SQLite file.
        kills: how often each was killed.
    """

    def __init__(self, folder: Path, postgres: Postgres | None) -> None:
        super().__init__(folder, {"TINTYPE_FETCH_ALLOW": "127.0.0.1"})
        self.postgres = postgres
        if postgres is not None:
            self.environment["TINTYPE_DATABASE_URL"] = postgres.url
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._second_address = f"127.0.0.1:{free.getsockname()[1]}"
        self.kills: dict[str, int] = {}

    @property
    def ingest_addresses(self) -> tuple[str, str]:
        """Where the two ingest processes answer."""
        return self.settings.reach("ingest"), self._second_address

    @property
    def victims(self) -> list[str]:
        """All that may be killed."""
        return [*NAMES, SECOND, *([POSTGRES] if self.postgres else [])]

    def start(self, name: str, *, wait: bool = True) -> None:
        """Start one process; with `wait`, return when it serves."""
        if name != SECOND:
            super().start(name, wait=wait)
            return
        environment = {**self.environment, "TINTYPE_INGEST_LISTEN": self._second_address}
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "services.ingest"],
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if wait:
            self.wait_serving(name)

    def strike(self, name: str) -> None:
        """Kill -9 one, and start it again without waiting for it."""
        self.kills[name] = self.kills.get(name, 0) + 1
        if name == POSTGRES:
            assert self.postgres
            self.postgres.strike()
            return
        self.kill(name)
        # Its workers notice that it has gone; those that do not are no part of the test.
        with suppress(ProcessLookupError):
            os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.start(name, wait=False)

    def revive(self) -> None:
        """Start again what has ended by itself, as an ingest does that finds no database."""
        for name in (*NAMES, SECOND):
            if self.processes[name].poll() is not None:
                self.start(name, wait=False)

    def settle(self, timeout_s: float = 120) -> None:
        """Wait until all serve, starting again what has ended."""
        deadline = time.monotonic() + timeout_s
        for name in (*NAMES, SECOND):
            kind, address = self._place(name)
            while not serves(kind, address):
                if time.monotonic() > deadline:
                    raise AssertionError(f"{name} does not serve:\n{self.log(name)[-3000:]}")
                self.revive()
                time.sleep(0.2)

    def wait_serving(self, name: str) -> None:
        """Wait until a process says SERVING."""
        if name != SECOND:
            super().wait_serving(name)
            return
        deadline = time.monotonic() + 60
        while not serves("ingest", self._second_address):
            if time.monotonic() > deadline:
                raise AssertionError(f"{name} does not serve:\n{self.log(name)}")
            time.sleep(0.1)

    def _place(self, name: str) -> tuple[str, str]:
        if name == SECOND:
            return "ingest", self._second_address
        return name, self.settings.reach(name)


@contextmanager
def arrange(folder: Path, database: str) -> Iterator[Arrangement]:
    """Start everything on "sqlite" or "postgres", and stop it at the end."""
    if database == "sqlite":
        with Arrangement(folder, None) as arrangement:
            arrangement.start(SECOND)
            yield arrangement
        return
    with run_postgres(folder) as postgres, Arrangement(folder, postgres) as arrangement:
        arrangement.start(SECOND)
        yield arrangement
