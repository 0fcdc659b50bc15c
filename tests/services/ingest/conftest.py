"""A catalog on each database; storage, imaging and ingest for real."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from services.imaging.pool import WorkerPool
from services.ingest.catalog.catalog import Catalog
from services.ingest.catalog.database import open_database, sqlite_url
from services.ingest.catalog.tables import AssetRow, RenditionRow
from services.ingest.ids import new_id
from services.ingest.urls import Urls
from tests.services.ingest.processes import Processes, imaging_pool, start


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    postgres = request.param == "postgres"
    url = request.getfixturevalue("fresh_postgres_url") if postgres else sqlite_url(tmp_path)
    engine = open_database(url)
    yield engine
    engine.dispose()


@pytest.fixture
def catalog(engine: Engine) -> Catalog:
    return Catalog(engine, Urls("http://edge.test", "uploads", "media-uploads"))


@pytest.fixture
def row() -> Callable[..., AssetRow]:
    """Make the row of a whole image that was not inserted yet."""
    return new_row


def new_row(owner: str = "ann", **columns: object) -> AssetRow:
    asset_id = new_id()
    defaults: dict[str, object] = {
        "kind": "image",
        "source": "upload",
        "state": "draft",
        "renditions": [
            RenditionRow(
                name="original",
                position=0,
                storage_key=f"media-uploads/2026/03_07/original/{asset_id}.jpg",
                content_type="image/jpeg",
                size_bytes=5,
                etag="e",
            )
        ],
    }
    return AssetRow(id=asset_id, owner=owner, **(defaults | columns))


@pytest.fixture(scope="package")
def pool() -> Iterator[WorkerPool]:
    with imaging_pool() as pool:
        yield pool


@pytest.fixture
def processes(tmp_path: Path, pool: WorkerPool) -> Iterator[Processes]:
    with start(tmp_path, pool) as processes:
        yield processes


@pytest.fixture
def processes_with_jobs(tmp_path: Path, pool: WorkerPool) -> Iterator[Processes]:
    with start(tmp_path, pool, jobs=True) as processes:
        yield processes
