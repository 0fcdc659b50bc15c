"""Fixtures of every test that needs a back end: a server of its own kind."""

import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest

from storage.drivers.azure import AzureOptions, AzureStore
from storage.drivers.azure.connection import AzureConnection
from storage.drivers.s3 import S3Options, S3Store
from storage.drivers.s3.connection import S3Connection
from storage.drivers.s3.layout import HIDDEN
from storage.drivers.s3.listing import list_hidden
from tests.backends.servers import (
    ACCESS_KEY,
    AZURITE_ACCOUNT,
    AZURITE_KEY,
    SECRET_KEY,
    Server,
    running_azurite,
    running_minio,
)


@pytest.fixture(scope="session")
def minio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A MinIO server."""
    with running_minio(tmp_path_factory.mktemp("minio")) as server:
        yield server


@pytest.fixture(scope="module")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An Azurite server, new for every file: it gets slow with all that it ever held in memory."""
    with running_azurite(tmp_path_factory.mktemp("azurite")) as server:
        yield server


@pytest.fixture
def azure_options(azurite: Server) -> AzureOptions:
    """Where a new container may be created."""
    endpoint = f"{azurite.url}/{AZURITE_ACCOUNT}"
    return AzureOptions(AZURITE_ACCOUNT, AZURITE_KEY, f"test-{uuid4().hex}", endpoint)


@pytest.fixture
def azure_store(azure_options: AzureOptions) -> Iterator[AzureStore]:
    """An Azure store over a new container."""
    store = AzureStore(azure_options)
    store.check()
    yield store
    store.close()


@pytest.fixture
def azure(azure_options: AzureOptions) -> Iterator[AzureConnection]:
    """Plain requests to the container of `azure_store`, past the driver."""
    connection = AzureConnection(azure_options)
    yield connection
    connection.close()


@pytest.fixture
def s3_options(minio: Server) -> S3Options:
    """Where a new bucket may be created."""
    return S3Options(minio.url, ACCESS_KEY, SECRET_KEY, f"test-{uuid4().hex}")


@pytest.fixture
def open_store() -> Iterator[Callable[..., S3Store]]:
    """Open S3 stores that are closed after the test."""
    stores: list[S3Store] = []

    def opened(options: S3Options, clock: Callable[[], float] = time.time) -> S3Store:
        stores.append(S3Store(options, clock))
        return stores[-1]

    yield opened
    for store in stores:
        store.close()


@pytest.fixture
def s3(s3_options: S3Options) -> Iterator[S3Connection]:
    """Plain requests to the bucket of `s3_store`, past the driver."""
    connection = S3Connection(s3_options)
    yield connection
    connection.close()


def hidden_keys(s3: S3Connection) -> list[str]:
    """Return what an S3 store keeps beside the objects of its callers."""
    return [entry.key for entry in list_hidden(s3, HIDDEN)]


@pytest.fixture
def s3_store(s3_options: S3Options) -> Iterator[S3Store]:
    """An S3 store over a new bucket."""
    store = S3Store(s3_options)
    store.check()
    yield store
    store.close()
