"""Keys are laid out as the contract says, whatever the file was called."""

from datetime import UTC, datetime

import pytest

from services.ingest.layout import image_layout, safe_file_name, safe_stem

TIME = datetime(2026, 3, 7, 23, 59, tzinfo=UTC)


def test_every_object_has_its_place_under_the_date_in_utc() -> None:
    layout = image_layout("media-uploads", TIME, "ID", "Cat Photo.PNG", "png")
    assert layout.original_key() == "media-uploads/2026/03_07/original/cat-photo-ID.png"
    assert (
        layout.derivative_key("preview", "jpg")
        == "media-uploads/2026/03_07/preview/cat-photo-ID.png-preview.jpg"
    )
    assert (
        layout.derivative_key("small", "webp")
        == "media-uploads/2026/03_07/low/cat-photo-ID.png-w320.webp"
    )
    assert (
        layout.derivative_key("medium", "jpg")
        == "media-uploads/2026/03_07/high/cat-photo-ID.png-w1280.jpg"
    )
    assert (
        layout.derivative_key("large", "jpg")
        == "media-uploads/2026/03_07/high/cat-photo-ID.png-w1920.jpg"
    )


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("", ""),
        ("photo.jpg", "photo"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\Straße & Öl.jpeg", "strae-ol"),
        ("写真.jpg", ""),
        (".hidden", "hidden"),
        ("a" * 500 + ".jpg", "a" * 80),
        ("nul\x00byte\n.png", "nulbyte"),
    ],
)
def test_a_file_name_can_do_no_harm_in_a_key(name: str, stem: str) -> None:
    assert safe_stem(name) == stem


def test_a_file_name_for_people_keeps_their_letters() -> None:
    assert safe_file_name("/tmp/写真 1.jpg") == "写真 1.jpg"  # noqa: S108  # only a name
    assert safe_file_name("evil\u202egpj.exe") == "evilgpj.exe"
