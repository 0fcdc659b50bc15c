"""Ingesting many files, several at one time."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from tintype.cli.exits import is_unreachable
from tintype.errors import TintypeError
from tintype.ingest.client import IngestClient
from tintype.ingest.v1 import ingest_pb2
from tintype.streams import read_chunks

# Called with a number of bytes when they have been read, from any thread.
Advance = Callable[[int], None]


@dataclass(frozen=True)
class Outcome:
    """What became of one file: either `done` or `error`, or neither if it was not tried."""

    path: Path
    done: ingest_pb2.Done | None = None
    error: TintypeError | OSError | None = None


@dataclass(frozen=True)
class Batch:
    """How the files of one command line are to be ingested.

    Attributes:
        options: for each file alike, but the file name.
        jobs: files in the works at one time.
        timeout_s: longest time for one file, waiting for an overloaded service included.
    """

    client: IngestClient
    options: ingest_pb2.IngestOptions
    jobs: int
    timeout_s: float

    def run(self, paths: Sequence[Path], advance: Advance) -> Iterator[Outcome]:
        """Yield each file's outcome as it comes. One file's error does not stop the others.

        Once the service cannot be reached at all, the files that are left are not tried.
        Leaving the loop early lets nothing new begin; close the client to end what runs.
        """
        unreachable = threading.Event()  # or, at the end, nobody waits any more

        def ingest(path: Path) -> Outcome:
            if unreachable.is_set():
                return Outcome(path)
            try:
                return Outcome(path, done=self._send_patiently(path, advance, unreachable))
            except TintypeError as error:
                if is_unreachable(error):
                    unreachable.set()
                return Outcome(path, error=error)
            except OSError as error:
                return Outcome(path, error=error)

        pool = ThreadPoolExecutor(self.jobs, thread_name_prefix="ingest")
        try:
            for future in as_completed([pool.submit(ingest, path) for path in paths]):
                yield future.result()
        finally:
            unreachable.set()
            pool.shutdown(wait=False, cancel_futures=True)

    def _send_patiently(
        self, path: Path, advance: Advance, give_up: threading.Event
    ) -> ingest_pb2.Done:
        """Ingest one file; again, for as long as the timeout allows, when told to wait."""
        deadline = time.monotonic() + self.timeout_s
        while True:
            counted = 0

            def count(size_bytes: int) -> None:
                nonlocal counted
                counted += size_bytes
                advance(size_bytes)

            try:
                return self._send(path, count, deadline - time.monotonic())
            except TintypeError as error:
                wait_s = error.retry_after_s
                if wait_s is None or time.monotonic() + wait_s >= deadline:
                    raise
                advance(-counted)
                if give_up.wait(wait_s):
                    raise

    def _send(self, path: Path, advance: Advance, timeout_s: float) -> ingest_pb2.Done:
        """Ingest one file."""
        options = ingest_pb2.IngestOptions()
        options.CopyFrom(self.options)
        options.file_name = path.name.encode(errors="replace").decode()
        with path.open("rb") as file:

            def chunks() -> Iterator[bytes]:
                for chunk in read_chunks(file):
                    yield chunk
                    advance(len(chunk))

            return self.client.ingest(
                chunks(),
                options,
                size_bytes=path.stat().st_size,
                timeout_s=timeout_s,
            )
