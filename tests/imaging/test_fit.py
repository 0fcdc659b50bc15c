"""Sizes of renditions."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaging.errors import InvalidSpec
from imaging.fit import Fit, Target, target
from imaging.image import Size

sides = st.integers(1, 20_000)
sizes = st.builds(Size, sides, sides)


@pytest.mark.parametrize(
    ("source", "limit", "scaled"),
    [
        ((2725, 2225), (1920, 0), (1920, 1568)),
        ((2725, 2225), (0, 320), (392, 320)),
        ((4000, 3000), (1000, 1000), (1000, 750)),
        ((3000, 4000), (1000, 1000), (750, 1000)),
        ((10_000, 3), (320, 0), (320, 1)),
        ((100, 100), (320, 0), (100, 100)),
        ((100, 100), (0, 0), (100, 100)),
        ((1, 1), (1, 1), (1, 1)),
        ((8, 5), (4, 0), (4, 3)),  # 2.5 rows: halves go up
    ],
)
def test_inside_fits_the_limit_and_keeps_proportions(
    source: tuple[int, int], limit: tuple[int, int], scaled: tuple[int, int]
) -> None:
    assert target(Size(*source), Size(*limit)) == Target(Size(*scaled), Size(*scaled))


@pytest.mark.parametrize(
    ("source", "limit", "scaled", "size", "offset"),
    [
        ((4000, 3000), (600, 600), (800, 600), (600, 600), (100, 0)),
        ((3000, 4000), (600, 600), (600, 800), (600, 600), (0, 100)),
        ((1000, 400), (800, 800), (1000, 400), (800, 400), (100, 0)),
        ((50, 40), (80, 80), (50, 40), (50, 40), (0, 0)),
        ((7, 4), (2, 2), (4, 2), (2, 2), (1, 0)),
    ],
)
def test_cover_fills_the_limit_and_cuts_evenly(
    source: tuple[int, int],
    limit: tuple[int, int],
    scaled: tuple[int, int],
    size: tuple[int, int],
    offset: tuple[int, int],
) -> None:
    found = target(Size(*source), Size(*limit), Fit.COVER)
    assert (found.scaled, found.size, found.offset) == (scaled, size, offset)


@given(sizes, sizes, st.sampled_from(Fit))
def test_nothing_is_enlarged_and_no_side_vanishes(source: Size, limit: Size, fit: Fit) -> None:
    found = target(source, limit, fit)
    for side in (0, 1):
        assert 1 <= found.size[side] <= found.scaled[side] <= source[side]
        assert found.size[side] <= limit[side]


@given(sizes, sizes, st.sampled_from(Fit))
def test_proportions_are_right_to_half_a_pixel(source: Size, limit: Size, fit: Fit) -> None:
    scaled = target(source, limit, fit).scaled
    by_width = Fraction(scaled.width, source.width) * source.height
    by_height = Fraction(scaled.height, source.height) * source.width
    half = Fraction(1, 2)
    tall = scaled.height == 1 or abs(scaled.height - by_width) <= half
    wide = scaled.width == 1 or abs(scaled.width - by_height) <= half
    assert tall or wide


@given(sizes, sizes)
def test_cover_leaves_no_gap_unless_the_picture_is_too_small(source: Size, limit: Size) -> None:
    found = target(source, limit, Fit.COVER)
    assert found.size == (min(source.width, limit.width), min(source.height, limit.height))


def test_a_negative_limit_is_refused_with_its_value() -> None:
    with pytest.raises(InvalidSpec, match="-1x5"):
        target(Size(10, 10), Size(-1, 5))


def test_cover_without_a_height_is_refused() -> None:
    with pytest.raises(InvalidSpec, match="COVER needs a width and a height, not 100x0"):
        target(Size(10, 10), Size(100, 0), Fit.COVER)
