"""All three processes with their jobs, and web servers to fetch from."""

from collections.abc import Iterator

import pytest

from services.imaging.pool import WorkerPool
from tests.services.ingest.processes import Processes, imaging_pool, start
from tests.services.ingest.webserver import serve

__all__ = ["serve"]  # a fixture


@pytest.fixture(scope="package")
def pool() -> Iterator[WorkerPool]:
    with imaging_pool() as pool:
        yield pool


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory, pool: WorkerPool) -> Iterator[Processes]:
    """One set for a module: every test is an owner of its own."""
    with start(tmp_path_factory.mktemp("jobs"), pool, jobs=True) as processes:
        yield processes


@pytest.fixture
def owner(request: pytest.FixtureRequest) -> str:
    """Name an owner after the test."""
    return "".join(c if c.isalnum() else "-" for c in request.node.name)[:128]
