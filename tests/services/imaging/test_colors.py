"""The colours that a caller of the service gets."""

import pytest

from tests.imaging.corpus import corpus
from tests.imaging.made import run
from tintype.imaging.client import ImagingClient

CORPUS = corpus()


@pytest.mark.parametrize("name", CORPUS)
def test_a_worker_process_finds_the_colours_that_this_one_finds(
    imaging_client: ImagingClient, name: str
) -> None:
    colors = imaging_client.palette([CORPUS[name]], timeout_s=60)
    expected = run(CORPUS[name])[0].colors
    assert [color.rgb for color in colors] == [color.rgb for color in expected]
    assert [color.share for color in colors] == pytest.approx([c.share for c in expected])
    assert len(colors) == 5


@pytest.mark.parametrize("count", [1, 2, 16])
def test_a_caller_may_ask_for_another_number(imaging_client: ImagingClient, count: int) -> None:
    assert len(imaging_client.palette([CORPUS["photograph, JPEG"]], count, timeout_s=60)) == count
