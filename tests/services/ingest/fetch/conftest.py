"""What the tests of fetching share."""

import pytest
import trustme

from tests.services.ingest.webserver import serve

__all__ = ["serve"]  # a fixture


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Return a certificate authority of the tests' own."""
    return trustme.CA()
