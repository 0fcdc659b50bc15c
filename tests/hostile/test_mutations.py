"""Damaged files of every format, against the real process."""

import random
from collections.abc import Iterator

import pytest

from tests.hostile.harness import MUTATIONS, Target, fire, table
from tests.hostile.mutate import mutate

# A leak of one small image in ten is far more.
_GROWTH_MIB = 100


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
    # The first half shows allocators how large a picture can be; what they keep for it
    # they use again, and only a leak goes on growing.
    counts = fire(target, damaged[: MUTATIONS // 2])
    before = target.rss_mib()
    counts += fire(target, damaged[MUTATIONS // 2 :])
    growth = target.rss_mib() - before
    with capsys.disabled():
        print("\n" + table(f"{MUTATIONS} mutations", {name: counts}))  # noqa: T201
        print(f"memory: {before:.0f} MiB after the first half, {growth:+.0f} MiB")  # noqa: T201
    assert counts.total() == MUTATIONS
    assert growth < _GROWTH_MIB
    # It was fire and not water: much was refused, and much was decoded.
    assert counts["made"] > MUTATIONS / 20
    assert counts["DAMAGED_IMAGE"] > MUTATIONS / 20
    # And it still does what it is there for.
    assert set(fire(target, others)) == {"made"}
