"""One imaging process for all attacks."""

from collections.abc import Iterator

import pytest

from tests.hostile.harness import Target, fire, running
from tests.hostile.seeds import seeds


@pytest.fixture(scope="session")
def files() -> dict[str, list[bytes]]:
    """Valid files by format."""
    return seeds()


@pytest.fixture(scope="session")
def target(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, list[bytes]]
) -> Iterator[Target]:
    """The process, warm: it has seen every valid file many times."""
    with running(tmp_path_factory.mktemp("hostile")) as target:
        answers = fire(target, [image for images in files.values() for image in images * 3])
        assert set(answers) == {"made"}
        yield target
