"""Fixtures of every test that needs a back end: one server of a kind for the whole run."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from storage.drivers.s3 import S3Options, S3Store
from tests.backends.servers import (
    ACCESS_KEY,
    SECRET_KEY,
    Server,
    running_azurite,
    running_minio,
    running_toxiproxy,
)


@pytest.fixture(scope="session")
def minio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A MinIO server."""
    with running_minio(tmp_path_factory.mktemp("minio")) as server:
        yield server


@pytest.fixture(scope="session")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An Azurite server."""
    with running_azurite(tmp_path_factory.mktemp("azurite")) as server:
        yield server


@pytest.fixture(scope="session")
def toxiproxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A toxiproxy server without any proxy yet."""
    with running_toxiproxy(tmp_path_factory.mktemp("toxiproxy")) as server:
        yield server


@pytest.fixture
def s3_options(minio: Server) -> S3Options:
    """Where a new bucket may be created."""
    return S3Options(minio.url, ACCESS_KEY, SECRET_KEY, f"test-{uuid4().hex}")


@pytest.fixture
def s3_store(s3_options: S3Options) -> Iterator[S3Store]:
    """An S3 store over a new bucket."""
    store = S3Store(s3_options)
    store.check()
    yield store
    store.close()
