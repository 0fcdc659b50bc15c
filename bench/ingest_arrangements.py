"""What `make bench-ingest` measures: the four processes on one machine's files, and on servers."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from bench.storage_servers import KEY, MINIO, SECRET, minio
from services.ingest.catalog.database import sqlite_url
from tests.faults.postgres import run_postgres
from tests.stack import Stack

# Gives the processes, and where their catalog is.
Arranged = Callable[[], AbstractContextManager[tuple[Stack, str]]]


@contextmanager
def embedded() -> Iterator[tuple[Stack, str]]:
    """Objects as files, the catalog in SQLite."""
    with (
        tempfile.TemporaryDirectory(prefix="tintype-bench-") as folder,
        Stack(Path(folder)) as stack,
    ):
        yield stack, sqlite_url(stack.data_dir)


@contextmanager
def servers() -> Iterator[tuple[Stack, str]]:
    """Objects in MinIO, the catalog in Postgres, each a server of its own on the same disk."""
    with (
        tempfile.TemporaryDirectory(prefix="tintype-bench-") as folder,
        minio(Path(folder) / "minio") as s3,
        run_postgres(Path(folder)) as postgres,
        Stack(
            Path(folder),
            {
                "S3_ENDPOINT": f"http://{s3.address}",
                "S3_ACCESS_KEY": KEY,
                "S3_SECRET_KEY": SECRET,
                "TINTYPE_DATABASE_URL": postgres.url,
            },
        ) as stack,
    ):
        yield stack, postgres.url


ARRANGEMENTS: dict[str, Arranged] = {"embedded": embedded}
if MINIO.exists():
    ARRANGEMENTS["MinIO + Postgres"] = servers
else:
    print("MinIO is not installed, so only the embedded arrangement runs: 'make backends'")
