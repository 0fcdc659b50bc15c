"""What renditions look like: formats, alpha, background, metadata, quality."""

import numpy as np
import pytest
from PIL import Image as PillowImage
from PIL.PngImagePlugin import PngInfo

from imaging.alpha import flatten
from imaging.encode import CARRY_ALPHA
from imaging.fit import Fit
from imaging.formats import Format, sniff
from imaging.image import Pixels, Size
from imaging.spec import OUTPUT_FORMATS, RenditionSpec
from tests.imaging.made import FULL, opened, run, save

OUTPUTS = sorted(OUTPUT_FORMATS, key=lambda item: item.name)


def half_clear(color: tuple[int, int, int] = (200, 100, 50)) -> PillowImage.Image:
    """The left half is transparent; under it hides another colour."""
    image = PillowImage.new("RGBA", (40, 20), (*color, 255))
    image.paste((1, 255, 1, 0), (0, 0, 20, 20))
    return image


@pytest.mark.parametrize("output", OUTPUTS)
def test_every_output_is_of_its_format_and_size(output: Format, photograph: Pixels) -> None:
    encoded = save(PillowImage.fromarray(photograph[:, :, ::-1]), "JPEG")
    _, made = run(encoded, RenditionSpec("a", Size(100, 0), format=output))
    assert sniff(made["a"].encoded[:512]) is output
    assert opened(made["a"].encoded).size == (100, 100) == made["a"].size


@pytest.mark.parametrize("output", OUTPUTS)
def test_alpha_is_kept_where_it_can_be_and_else_laid_on_the_background(output: Format) -> None:
    spec = RenditionSpec("a", FULL, format=output, background_rgb=0x0000FF)
    _, made = run(save(half_clear(), "PNG"), spec)
    pixels = np.asarray(opened(made["a"].encoded).convert("RGBA")).astype(int)
    assert np.abs(pixels[10, 30] - (200, 100, 50, 255)).max() < 12
    if output in CARRY_ALPHA:
        assert pixels[10, 5, 3] == 0
    else:
        assert np.abs(pixels[10, 5] - (0, 0, 255, 255)).max() < 12


def test_the_background_is_white_unless_said() -> None:
    _, made = run(save(half_clear(), "PNG"), RenditionSpec("a", FULL, format=Format.JPEG))
    pixels = np.asarray(opened(made["a"].encoded)).astype(int)
    assert np.abs(pixels[10, 5] - 255).max() < 6


def test_the_colour_under_transparent_pixels_bleeds_nowhere() -> None:
    _, made = run(save(half_clear(), "PNG"), RenditionSpec("a", Size(10, 0), format=Format.PNG))
    pixels = np.asarray(opened(made["a"].encoded)).astype(int)
    seen = pixels[pixels[:, :, 3] > 0]
    # An eighth of the hidden green would be 20 more; a sharp filter overshoots by less.
    assert np.abs(seen[:, :3] - (200, 100, 50)).max() <= 8


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (PillowImage.new("RGB", (8, 8)), Format.JPEG),
        (PillowImage.new("RGBA", (8, 8), (1, 2, 3, 255)), Format.JPEG),
        (PillowImage.new("RGBA", (8, 8), (1, 2, 3, 254)), Format.WEBP),
    ],
    ids=["opaque", "alpha that hides nothing", "alpha"],
)
def test_without_a_format_it_is_jpeg_when_opaque_and_webp_when_not(
    image: PillowImage.Image, expected: Format
) -> None:
    _, made = run(save(image, "PNG"), RenditionSpec("a", FULL))
    assert made["a"].format is expected


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_no_metadata_gets_into_a_rendition(
    image_format: str, output: Format, photograph: Pixels
) -> None:
    whereabouts = "somewhere near 50.9413 N"
    exif = PillowImage.Exif()
    exif[0x010E] = whereabouts
    exif.get_ifd(0x8825)[2] = (50.0, 56.0, 28.0)
    options = {"exif": exif, "xmp": f"<x>{whereabouts}</x>".encode()}
    if image_format == "PNG":
        info = PngInfo()
        info.add_text("Comment", whereabouts)
        options = {"exif": exif, "pnginfo": info}
    image = PillowImage.fromarray(photograph[:64, :64, ::-1])
    encoded = save(image, image_format, **options)
    assert whereabouts.encode() in encoded
    _, made = run(encoded, RenditionSpec("a", FULL, format=output))
    rendition = made["a"].encoded
    assert whereabouts.encode() not in rendition
    assert not opened(rendition).getexif()
    assert not {"xmp", "comment", "Comment", "exif"} & set(opened(rendition).info)


def test_quality_makes_it_larger(photograph: Pixels) -> None:
    encoded = save(PillowImage.fromarray(photograph[:, :, ::-1]), "PNG")
    for output in (Format.JPEG, Format.WEBP, Format.AVIF):
        _, made = run(
            encoded,
            *(
                RenditionSpec(f"q{quality}", Size(200, 0), format=output, quality=quality)
                for quality in (20, 60, 95)
            ),
        )
        sizes = [len(made[f"q{quality}"].encoded) for quality in (20, 60, 95)]
        assert sizes == sorted(sizes)
        assert sizes[0] < 0.5 * sizes[2]


def test_nothing_is_enlarged_and_cover_crops_the_middle() -> None:
    encoded = save(PillowImage.new("RGB", (40, 20)), "PNG")
    _, made = run(
        encoded,
        RenditionSpec("large", Size(400, 0)),
        RenditionSpec("inside", Size(20, 20)),
        RenditionSpec("cover", Size(10, 10), fit=Fit.COVER),
        RenditionSpec("own", FULL),
    )
    sizes = {name: item.size for name, item in made.items()}
    assert sizes == {"large": (40, 20), "inside": (20, 10), "cover": (10, 10), "own": (40, 20)}


def test_the_same_bytes_give_the_same_renditions(photograph: Pixels) -> None:
    encoded = save(PillowImage.fromarray(photograph[:, :, ::-1]), "JPEG")
    specs = [RenditionSpec(output.name, Size(60, 0), format=output) for output in OUTPUTS]
    assert run(encoded, *specs) == run(encoded, *specs)


def test_blending_is_exact_at_both_ends() -> None:
    pixels = np.zeros((1, 3, 4), np.uint8)
    pixels[0] = [[10, 20, 200, 0], [10, 20, 200, 255], [10, 20, 200, 128]]
    blended = flatten(pixels, 0xFF8000)[0].astype(int).tolist()
    assert blended[:2] == [[0, 128, 255], [10, 20, 200]]
    assert blended[2] == [5, 74, 227]


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("size", [(1, 1), (20_000, 2), (3, 20_000)])
def test_the_smallest_and_the_longest_can_be_made(output: Format, size: tuple[int, int]) -> None:
    encoded = save(PillowImage.new("RGB", size, (9, 99, 199)), "PNG")
    _, made = run(encoded, RenditionSpec("a", FULL, format=output))
    # No side of a WebP can be longer than 16,383 pixels.
    longest = 16_383 if output is Format.WEBP else 20_000
    assert max(made["a"].size) == min(max(size), longest)
    assert opened(made["a"].encoded).size == made["a"].size
