"""Damaged files of every format, against the real process."""

import random
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.hostile.harness import MUTATIONS, Target, fire, table
from tests.hostile.mutate import mutate

# In a quarter of 20,000: two KiB an image, half of the smallest picture here decoded.
_GROWTH_MIB = 10


def mutations(name: str, files: list[bytes], others: list[bytes]) -> Iterator[bytes]:
    """Yield the damaged copies; the same ones every time."""
    for number in range(MUTATIONS):
        source = random.Random(f"{name} {number}")  # repeatable, not secret
        yield mutate(source.choice(files), source.choice(others), source)


@pytest.mark.timeout(2 * 3600)
@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "TIFF", "BMP"])
def test_no_damage_does_more_than_end_its_own_request(
    name: str,
    target: Target,
    files: dict[str, list[bytes]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    others = [image for images in files.values() for image in images]
    damaged = list(mutations(name, files[name], others))
    counts: Counter[str] = Counter()
    memory_mib = [target.rss_mib()]
    for start in range(0, MUTATIONS, MUTATIONS // 4):
        counts += fire(target, damaged[start : start + MUTATIONS // 4])
        memory_mib.append(target.rss_mib())
    growth_mib = [after - before for before, after in pairwise(memory_mib)]
    with capsys.disabled():
        print("\n" + table(f"{MUTATIONS} mutations", {name: counts}))  # noqa: T201
        print("memory in MiB:", *(round(mib) for mib in memory_mib))  # noqa: T201
    assert counts.total() == MUTATIONS
    # Allocators keep room for the largest picture they have seen, once; a leak grows
    # in every quarter.
    assert min(growth_mib) < _GROWTH_MIB
    # It was fire and not water: much was refused, and much was decoded.
    assert counts["made"] > MUTATIONS / 20
    assert counts["DAMAGED_IMAGE"] > MUTATIONS / 20
    # And it still does what it is there for.
    assert set(fire(target, others)) == {"made"}
