"""Damaged files of every format, against the real process."""

import random
from collections.abc import Iterator

import pytest

from tests.hostile.harness import MUTATIONS, Target, fire, table
from tests.hostile.mutate import mutate

# What allocators keep and caches hold; a leak of one image in ten is far more.
_GROWTH_MIB = 100


def mutations(name: str, files: list[bytes], others: list[bytes]) -> Iterator[bytes]:
    """Yield the damaged copies; the same ones every time."""
    for number in range(MUTATIONS):
        source = random.Random(f"{name} {number}")  # repeatable, not secret
        yield mutate(source.choice(files), source.choice(others), source)


@pytest.mark.timeout(6 * 3600)
def test_no_damage_does_more_than_end_its_own_request(
    target: Target, files: dict[str, list[bytes]], capsys: pytest.CaptureFixture[str]
) -> None:
    others = [image for images in files.values() for image in images]
    before = target.rss_mib()
    counts = {
        name: fire(target, list(mutations(name, images, others))) for name, images in files.items()
    }
    growth = target.rss_mib() - before
    with capsys.disabled():
        print("\n" + table(f"{MUTATIONS} mutations of each format", counts))  # noqa: T201
        print(f"memory: {before:.0f} MiB before, {growth:+.0f} MiB")  # noqa: T201
    assert all(count.total() == MUTATIONS for count in counts.values())
    assert growth < _GROWTH_MIB
    # It was fire and not water: much was refused, and much was decoded.
    total = sum((count for count in counts.values()), start=type(counts["PNG"])())
    assert total["made"] > total.total() / 20
    assert total["DAMAGED_IMAGE"] > total.total() / 20
    # And it still does what it is there for.
    assert set(fire(target, others)) == {"made"}
