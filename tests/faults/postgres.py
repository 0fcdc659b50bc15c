"""A Postgres server of its own that can be killed like any other process."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import OperationalError

_START_TIMEOUT_S = 60
# Becomes another user, then the program: Popen's own `user` forks, which gRPC's threads in
# this process do not survive.
_BECOME = """
import os, pwd, sys
account = pwd.getpwnam(sys.argv[1])
os.setgroups([])
os.setgid(account.pw_gid)
os.setuid(account.pw_uid)
os.execv(sys.argv[2], sys.argv[2:])
"""


class Postgres:
    """One server over a folder that was made ready; a child of this process.

    Attributes:
        url: where it answers.
    """

    def __init__(self, command: list[str], user: str | None, url: str, log: Path) -> None:
        # A server that is root itself refuses to run; `user` is None for anybody else.
        self._command = [sys.executable, "-c", _BECOME, user, *command] if user else command
        self.url = url
        self._log = log
        self._process = self._start()

    def strike(self) -> None:
        """Kill -9 the postmaster and all its children, and start anew on what they left."""
        self.kill()
        self._process = self._start()

    def kill(self) -> None:
        """Kill -9 all of it."""
        family = psutil.Process(self._process.pid).children()
        self._process.kill()
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.wait()
        deadline = time.monotonic() + 10
        # A child that nobody reaps is as dead as any.
        while any(map(_is_alive, family)) and time.monotonic() < deadline:
            time.sleep(0.02)

    def wait_ready(self) -> None:
        """Wait until it answers."""
        engine = create_engine(make_url(self.url).set(drivername="postgresql+psycopg"))
        deadline = time.monotonic() + _START_TIMEOUT_S
        while True:
            try:
                engine.connect().close()
            except OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                break
        engine.dispose()

    def _start(self) -> "subprocess.Popen[bytes]":
        with self._log.open("ab") as log:
            return subprocess.Popen(self._command, stdout=log, stderr=log)


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@contextmanager
def run_postgres(folder: Path) -> Iterator[Postgres]:
    """Run a server, gone at the end; what it says goes to the folder."""
    # Its library looks at once for a place for its socket.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pgserver._commands import POSTGRES_BIN_PATH  # noqa: PLC0415
    from pgserver.postgres_server import get_server  # noqa: PLC0415

    # A short path, because a socket's may have at most 107 bytes, and outside of pytest's own
    # folder, which the account that the server runs under may not enter.
    with TemporaryDirectory(prefix="tintype-pg-", ignore_cleanup_errors=True) as data:
        first = get_server(Path(data), cleanup_mode="stop")
        url, user = first.get_uri(), first.system_user
        sockets = make_url(url).query["host"]
        first.cleanup()
        command = [str(POSTGRES_BIN_PATH / "postgres"), "-D", data, "-h", "", "-k", str(sockets)]
        server = Postgres(command, user, url, folder / "postgres.log")
        try:
            server.wait_ready()
            yield server
        finally:
            server.kill()
