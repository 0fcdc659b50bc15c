"""One imaging service for all tests of the folder."""

from collections.abc import Iterator

import pytest

from imaging.image import Pixels
from services.imaging.build import build, build_pool
from services.imaging.settings import ImagingSettings
from tests.imaging.made import astronaut
from tintype.imaging.client import ImagingClient


@pytest.fixture(scope="session")
def photograph() -> Pixels:
    """A real photograph, 512 x 512, BGR."""
    return astronaut()


@pytest.fixture(scope="session")
def imaging_address() -> Iterator[str]:
    """A service with two worker processes."""
    settings = ImagingSettings(listen="127.0.0.1:0", workers=2, task_s=20)
    with build_pool(settings) as pool:
        server = build(settings, pool)
        server.start()
        yield server.address
        server.drain(1.0)


@pytest.fixture
def imaging_client(imaging_address: str) -> Iterator[ImagingClient]:
    with ImagingClient(imaging_address) as client:
        yield client
