"""The four processes for real, shared by the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.stack import Stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """storage, imaging, ingest and edge on free ports, over a folder of their own."""
    with Stack(tmp_path_factory.mktemp("stack")) as running:
        yield running
