"""Two real ingest processes on one database."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from services.imaging.pool import WorkerPool
from services.local.ready import serves
from tests.services.ingest.jobs.calls import until
from tests.services.ingest.processes import Processes, start
from tintype.ingest.client import IngestClient


class Ingest:
    """One `python -m services.ingest`."""

    def __init__(self, folder: Path, processes: Processes, database_url: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self.folder = folder
        self.environment = {
            **os.environ,
            "TINTYPE_INGEST_LISTEN": self.address,
            "TINTYPE_STORAGE_ADDRESS": processes.storage.address,
            "TINTYPE_IMAGING_ADDRESS": processes.imaging.address,
            "TINTYPE_DATA_DIR": str(folder),
            "TINTYPE_DATABASE_URL": database_url,
            "TINTYPE_FETCH_ALLOW": "127.0.0.1",
        }
        self.start()

    def start(self) -> None:
        """Start, and wait until it serves."""
        # A new one: an old one waits before it tries an address again that was dead.
        self.client = IngestClient(self.address)
        with (self.folder / "ingest.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "services.ingest"],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if not until(lambda: serves("ingest", self.address), bool, 60):
            raise AssertionError((self.folder / "ingest.log").read_text())

    def kill(self) -> None:
        """Kill -9."""
        self.process.kill()
        self.process.wait()
        self.client.close()


@contextmanager
def two_ingests(
    folder: Path, pool: WorkerPool, database_url: str
) -> Iterator[tuple[Processes, Ingest, Ingest]]:
    """Start storage and imaging here, and two ingest processes of their own."""
    with ExitStack() as stack:
        processes = stack.enter_context(start(folder, pool, database_url))
        pair = []
        for _ in range(2):
            pair.append(Ingest(folder, processes, database_url))
            stack.callback(pair[-1].kill)
        yield processes, pair[0], pair[1]
