"""The colour contract."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaging.image import Pixels
from imaging.lab import points
from imaging.palette import Color, sample_colors

RED, GREEN, BLUE = (0, 0, 255), (0, 255, 0), (255, 0, 0)


def flat(*colours: tuple[int, ...], each: int = 200) -> Pixels:
    """Equal stripes of BGR or BGRA colours."""
    stripes = [np.full((each, 3 * each, len(c)), c, np.uint8) for c in colours]
    return np.concatenate(stripes)


def natural(height: int = 700, width: int = 900) -> Pixels:
    """Soft hills of many colours with grain."""
    random = np.random.default_rng(11)
    x, y = np.meshgrid(np.linspace(0, 6, width), np.linspace(0, 5, height))
    hills = [np.sin(x * a + y * b) * 90 + 128 for a, b in ((1, 0.3), (0.4, 1.2), (0.9, -0.8))]
    return np.clip(np.dstack(hills) + random.normal(0, 6, (height, width, 3)), 0, 255).astype(
        np.uint8
    )


def codes(pixels: Pixels) -> set[int]:
    b, g, r = (pixels[:, :, i].astype(int) for i in range(3))
    return set(np.unique(r << 16 | g << 8 | b).tolist())


@pytest.mark.parametrize("count", [1, 2, 5, 16])
def test_there_are_exactly_as_many_as_asked_for_and_their_shares_add_up_to_one(count: int) -> None:
    for picture in (natural(), flat(RED), flat(RED, GREEN, BLUE), natural(1, 1), natural(1, 4000)):
        colours = sample_colors(picture, count)
        assert len(colours) == count
        assert sum(c.share for c in colours) == pytest.approx(1, abs=1e-9)
        assert [c.share for c in colours] == sorted((c.share for c in colours), reverse=True)


def test_every_colour_occurs_in_the_picture() -> None:
    picture = natural()
    assert {c.rgb for c in sample_colors(picture, 16)} <= codes(picture)


def test_five_distinct_colours_when_the_picture_has_five() -> None:
    assert len({c.rgb for c in sample_colors(natural())}) == 5


def test_a_nearly_flat_picture_still_gives_distinct_colours() -> None:
    picture = np.full((300, 300, 3), 100, np.uint8)
    picture[:, :, 0] += (np.arange(300) % 7).astype(np.uint8)
    assert len({c.rgb for c in sample_colors(picture)}) == 5


def test_fewer_colours_repeat_with_no_share() -> None:
    assert sample_colors(flat(RED, RED, BLUE)) == [
        Color(0xFF0000, pytest.approx(2 / 3)),
        Color(0x0000FF, pytest.approx(1 / 3)),
        Color(0xFF0000, 0),
        Color(0x0000FF, 0),
        Color(0xFF0000, 0),
    ]


def test_equal_shares_are_ordered_by_colour() -> None:
    assert [c.rgb for c in sample_colors(flat(RED, BLUE, GREEN), 3)] == [0xFF, 0xFF00, 0xFF0000]


def test_a_single_pixel_of_another_colour_is_not_missed() -> None:
    picture = flat(RED, each=900)
    picture[517, 1234] = BLUE
    colours = sample_colors(picture)
    assert [c.rgb for c in colours[:2]] == [0xFF0000, 0x0000FF]
    assert colours[1].share == pytest.approx(1 / (900 * 2700))


@pytest.mark.parametrize("step", [2, 4, 8, 16])
def test_a_fine_regular_pattern_is_counted_by_its_area(step: int) -> None:
    """A sampler that takes every n-th pixel would see one colour only, or the wrong shares."""
    picture = natural(1024, 1024) // 16
    picture[:, ::step] = RED
    picture[:, 1::step] = GREEN
    colours = sample_colors(picture)
    for wanted in (0xFF0000, 0x00FF00):
        found = [c.share for c in colours if c.rgb == wanted]
        assert max(found) == pytest.approx(1 / step, rel=0.1)


def test_transparent_pixels_do_not_count() -> None:
    picture = flat((*RED, 255), (*GREEN, 0), (*BLUE, 255))
    assert [c.rgb for c in sample_colors(picture, 3)] == [0xFF, 0xFF0000, 0xFF]


def test_pixels_count_by_their_alpha() -> None:
    colours = sample_colors(flat((*RED, 255), (*BLUE, 51)), 2)
    assert [c.share for c in colours] == pytest.approx([5 / 6, 1 / 6])


def test_a_small_visible_spot_in_a_transparent_picture_gives_its_own_colours() -> None:
    picture = np.zeros((2000, 2000, 4), np.uint8)
    picture[1200:1210, 300:320] = np.dstack([natural(10, 20), np.full((10, 20), 255, np.uint8)])
    visible = codes(picture[1200:1210, 300:320])
    colours = sample_colors(picture)
    assert {c.rgb for c in colours} <= visible
    assert len({c.rgb for c in colours}) == 5


def test_a_picture_transparent_all_over_shows_the_colours_it_keeps() -> None:
    colours = sample_colors(flat((*RED, 0), (*BLUE, 0)), 3)
    assert colours == [Color(0xFF, 0.5), Color(0xFF0000, 0.5), Color(0xFF, 0)]


def test_grey_pictures_give_greys() -> None:
    ramp = np.dstack([np.tile(np.linspace(0, 255, 900).astype(np.uint8), (600, 1))] * 3)
    for colour in sample_colors(ramp):
        assert colour.rgb >> 16 == colour.rgb >> 8 & 255 == colour.rgb & 255
        assert colour.share == pytest.approx(0.2, abs=0.06)


def test_a_fresh_process_gives_the_same_colours() -> None:
    code = (
        "import sys, numpy as np; from imaging.palette import sample_colors;"
        "p = np.frombuffer(sys.stdin.buffer.read(), np.uint8).reshape(300, 400, 3);"
        "print(sample_colors(p))"
    )
    picture = natural(300, 400)
    answers = {
        subprocess.run(
            [sys.executable, "-c", code], input=picture.tobytes(), capture_output=True, check=True
        ).stdout
        for _ in range(2)
    }
    assert answers == {f"{sample_colors(picture)}\n".encode()}


@st.composite
def small_pictures(draw: st.DrawFn) -> Pixels:
    """Pictures of few pixels and few or near or random colours."""
    shape = draw(st.tuples(st.integers(1, 12), st.integers(1, 12), st.sampled_from([3, 4])))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    levels = draw(st.sampled_from([1, 2, 3, 256]))
    return (random.integers(0, levels, shape) * draw(st.integers(1, 255 // levels or 1))).astype(
        np.uint8
    )


@given(small_pictures(), st.integers(1, 16))
def test_the_contract_holds_for_any_picture(picture: Pixels, count: int) -> None:
    colours = sample_colors(picture, count)
    visible = picture[picture[:, :, 3] > 0] if picture.shape[2] == 4 else picture
    occurring = codes(visible.reshape(1, -1, picture.shape[2])) if visible.size else codes(picture)
    assert len(colours) == count
    assert {c.rgb for c in colours} <= occurring
    assert len({c.rgb for c in colours}) == min(count, len(occurring))
    assert sum(c.share for c in colours) == pytest.approx(1, abs=1e-9)
    shares = [c.share for c in colours]
    assert shares == sorted(shares, reverse=True)
    assert sum(share > 0 for share in shares) == min(count, len(occurring))


def test_threads_that_sample_at_once_do_not_disturb_each_other() -> None:
    pictures = [natural(300 + 20 * n, 400) for n in range(12)]
    alone = [sample_colors(picture) for picture in pictures]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(sample_colors, pictures)) == alone


def test_colours_that_differ_lie_apart() -> None:
    """Neighbours in sRGB never round to one point, dark ones neither."""
    random = np.random.default_rng(1)
    base = random.integers(0, 255, (20_000, 3)) // random.choice([1, 8, 64], (20_000, 1))
    for channel in range(3):
        near = base.copy()
        near[:, channel] += 1
        one, other = (points((c @ [65536, 256, 1]).astype(np.uint32)) for c in (base, near))
        assert ((one != other).any(axis=1)).all()


def test_memory_layout_does_not_matter() -> None:
    picture = natural()
    view = np.asfortranarray(picture)
    assert sample_colors(view) == sample_colors(picture)
