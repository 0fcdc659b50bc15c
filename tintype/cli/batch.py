"""Ingesting many files, several at one time."""

import threading
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
        timeout_s: longest time for one file.
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
        unreachable = threading.Event()

        def ingest(path: Path) -> Outcome:
            if unreachable.is_set():
                return Outcome(path)
            try:
                return Outcome(path, done=self._send(path, advance))
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
            pool.shutdown(wait=False, cancel_futures=True)

    def _send(self, path: Path, advance: Advance) -> ingest_pb2.Done:
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
                timeout_s=self.timeout_s,
            )
