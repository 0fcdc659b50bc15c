"""What tests of pictures share."""

import pytest

from imaging.image import Pixels
from tests.imaging.made import astronaut


@pytest.fixture(scope="session")
def photograph() -> Pixels:
    """A real photograph, 512 x 512, BGR."""
    return astronaut()
