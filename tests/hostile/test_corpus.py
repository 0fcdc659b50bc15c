"""Every image of Pillow's own test folder: broken, huge, odd and valid ones."""

import os
from pathlib import Path

import pytest

from imaging.formats import Format, sniff
from tests.hostile.harness import Target, fire, table

IMAGES = Path(__file__).parents[2] / ".tools" / "pillow-images"


@pytest.mark.timeout(3600)
@pytest.mark.skipif(
    not os.environ.get("TINTYPE_MUTATIONS"),
    reason="`make hostile` fetches Pillow's test images and runs this",
)
def test_every_image_of_pillows_tests_is_made_or_refused(
    target: Target, capsys: pytest.CaptureFixture[str]
) -> None:
    files = sorted(path for path in IMAGES.rglob("*") if path.is_file())
    assert len(files) > 500
    before = target.rss_mib()
    rows = {}
    for found in (*Format, None):
        images = [path.read_bytes() for path in files if sniff(path.read_bytes()[:512]) is found]
        if images:
            rows[found.name if found else "other"] = fire(target, images)
    growth = target.rss_mib() - before
    with capsys.disabled():
        print("\n" + table(f"{len(files)} files of Pillow's tests", rows))  # noqa: T201
        print(f"memory: {before:.0f} MiB before, {growth:+.0f} MiB")  # noqa: T201
    assert set(rows["other"]) == {"UNSUPPORTED_FORMAT"}
    for name in ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "TIFF", "BMP"):
        assert rows[name]["made"] > rows[name].total() / 3, name
