"""Animations: kept where the output can carry them, the first frame otherwise."""

import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image as PillowImage
from PIL import ImageSequence

from imaging.animation import FrameSampler
from imaging.errors import DamagedImage
from imaging.fit import Fit
from imaging.formats import Format
from imaging.header import read_header
from imaging.image import Size
from imaging.limits import Limits
from imaging.spec import RenditionSpec
from tests.imaging.made import FULL, opened, run, save

DURATIONS = [100, 250, 40, 1000]
COLORS = [(255, 0, 0), (0, 200, 0), (0, 0, 255), (250, 250, 0)]
MOVES = ("GIF", "WEBP", "AVIF", "PNG")


def animation(image_format: str, mode: str = "RGB", **options: Any) -> bytes:
    frames = [PillowImage.new("RGB", (60, 40), color) for color in COLORS]
    for index, frame in enumerate(frames):
        # A different corner in each, so that no two frames are alike.
        frame.paste((index * 50, 0, 0), (index * 10, 0, index * 10 + 10, 10))
    if mode == "RGBA":
        for index, frame in enumerate(frames):
            alpha = PillowImage.new("L", frame.size, 255)
            alpha.paste(0, (0, 20 + index, 30, 40))
            frame.putalpha(alpha)
    options = {"duration": DURATIONS, "loop": 0, **options}
    return save(frames[0], image_format, save_all=True, append_images=frames[1:], **options)


def frames_of(encoded: bytes) -> list[tuple[np.ndarray[Any, Any], int]]:
    seen = []
    for frame in ImageSequence.Iterator(opened(encoded)):
        pixels = np.asarray(frame.convert("RGBA")).astype(int)
        seen.append((pixels, round(frame.info["duration"])))
    return seen


@pytest.mark.parametrize("image_format", MOVES)
def test_facts_have_frames_and_duration(image_format: str) -> None:
    facts, _ = run(animation(image_format))
    assert facts.frame_count == len(DURATIONS)
    assert facts.duration_ms == sum(DURATIONS)
    assert len(facts.colors) == 5


@pytest.mark.parametrize("output", [Format.WEBP, Format.AVIF, Format.GIF])
@pytest.mark.parametrize("image_format", MOVES)
def test_frames_and_times_survive_resizing(image_format: str, output: Format) -> None:
    _, made = run(animation(image_format), RenditionSpec("a", Size(30, 0), format=output))
    assert made["a"].frame_count == len(DURATIONS)
    assert made["a"].size == Size(30, 20)
    frames = frames_of(made["a"].encoded)
    assert [duration for _, duration in frames] == DURATIONS
    for (pixels, _), color in zip(frames, COLORS, strict=True):
        assert pixels.shape == (20, 30, 4)
        assert np.abs(pixels[15, 25, :3] - color).max() < 25


@pytest.mark.parametrize("output", [Format.WEBP, Format.AVIF, Format.GIF])
def test_what_is_transparent_stays_so_in_every_frame(output: Format) -> None:
    _, made = run(animation("WEBP", "RGBA", lossless=True), RenditionSpec("a", FULL, format=output))
    for (pixels, _), color in zip(frames_of(made["a"].encoded), COLORS, strict=True):
        assert pixels[35, 5, 3] == 0
        assert pixels[35, 55, 3] == 255
        assert np.abs(pixels[35, 55, :3] - color).max() < 25


def test_an_animation_becomes_webp_unless_told_otherwise() -> None:
    _, made = run(animation("GIF"), RenditionSpec("a", FULL))
    assert made["a"].format is Format.WEBP
    assert made["a"].frame_count == len(DURATIONS)


@pytest.mark.parametrize("output", [Format.JPEG, Format.PNG])
def test_a_format_that_does_not_move_gets_the_first_frame(output: Format) -> None:
    _, made = run(animation("GIF"), RenditionSpec("a", FULL, format=output))
    assert made["a"].frame_count == 1
    pixels = np.asarray(opened(made["a"].encoded).convert("RGB")).astype(int)
    assert np.abs(pixels[30, 50] - COLORS[0]).max() < 10


def test_a_moving_crop_is_cropped_in_every_frame() -> None:
    spec = RenditionSpec("a", Size(20, 20), fit=Fit.COVER, format=Format.WEBP)
    _, made = run(animation("GIF"), spec)
    assert {pixels.shape for pixels, _ in frames_of(made["a"].encoded)} == {(20, 20, 4)}


@pytest.mark.parametrize(("plays", "loop"), [(0, 0), (1, None), (4, 3)])
def test_how_often_it_plays_is_kept(plays: int, loop: int | None) -> None:
    options = {} if loop is None else {"loop": loop}
    frames = [PillowImage.new("RGB", (8, 8), color) for color in COLORS]
    encoded = save(frames[0], "GIF", save_all=True, append_images=frames[1:], **options)
    assert read_header(encoded, Limits()).found.plays == plays
    for output in (Format.GIF, Format.WEBP):
        _, made = run(encoded, RenditionSpec("a", FULL, format=output))
        assert read_header(made["a"].encoded, Limits()).found.plays == plays


def test_colours_come_from_all_over_an_animation() -> None:
    facts, _ = run(animation("PNG"))
    found = {color.rgb for color in facts.colors}
    assert {0xFF0000, 0x00C800, 0x0000FF, 0xFAFA00} <= found


def test_colours_of_an_animation_do_not_depend_on_what_is_made() -> None:
    encoded = animation("WEBP", lossless=True)
    alone, _ = run(encoded)
    with_renditions, _ = run(encoded, RenditionSpec("a", Size(20, 0)))
    assert alone.colors == with_renditions.colors


def test_frames_are_sampled_from_the_first_to_the_last() -> None:
    sampler = FrameSampler(100)
    for shade in range(100):
        sampler.see(np.full((2, 2, 3), shade, np.uint8))
    assert sorted(set(sampler.sample().ravel().tolist())) == [0, 14, 28, 42, 56, 70, 84, 99]


def test_a_gif_with_fewer_frames_than_it_says_is_damage() -> None:
    encoded = animation("PNG")
    at = encoded.index(b"acTL") + 4
    more = encoded[:at] + (9).to_bytes(4, "big") + encoded[at + 4 :]
    with pytest.raises(DamagedImage):
        run(more)


@pytest.mark.parametrize("output", [Format.WEBP, Format.AVIF, Format.GIF])
def test_no_number_of_plays_and_no_time_is_too_much_for_the_output(output: Format) -> None:
    encoded = bytearray(animation("PNG"))
    control = encoded.index(b"acTL")
    encoded[control + 8 : control + 12] = b"\xff\xff\xff\xff"
    encoded[control + 12 : control + 16] = zlib.crc32(encoded[control : control + 12]).to_bytes(4)
    frame = encoded.index(b"fcTL")
    encoded[frame + 24 : frame + 28] = b"\xff\xff\x00\x01"
    encoded[frame + 30 : frame + 34] = zlib.crc32(encoded[frame : frame + 30]).to_bytes(4)
    facts, made = run(bytes(encoded), RenditionSpec("a", FULL, format=output))
    assert facts.duration_ms == 65_535_000 + sum(DURATIONS[1:])
    assert frames_of(made["a"].encoded)[0][1] == 600_000


@pytest.mark.parametrize("output", [Format.WEBP, Format.AVIF, Format.GIF])
def test_frames_that_are_alike_may_become_one_but_the_time_stays(output: Format) -> None:
    shades = (9, 200, 200, 200, 9)
    frames = [PillowImage.new("RGB", (20, 20), (shade, 9, 9)) for shade in shades]
    encoded = save(frames[0], "AVIF", save_all=True, append_images=frames[1:], duration=100)
    facts, made = run(encoded, RenditionSpec("a", FULL, format=output))
    found = read_header(made["a"].encoded, Limits()).found
    assert facts.frame_count == 5
    assert made["a"].frame_count == found.frame_count
    assert found.frame_count in {3, 5}
    assert found.duration_ms == 500
