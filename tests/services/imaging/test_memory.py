"""A picture that needs more memory than it may have, whichever step is the one that fails."""

from contextlib import nullcontext

import cv2
import numpy as np
import pytest

from imaging.errors import DamagedImage, DecoderCrashed
from imaging.formats import Format
from imaging.image import Size
from imaging.limits import Limits
from imaging.spec import ProcessSpec, RenditionSpec
from services.imaging.exchange import Exchange
from services.imaging.pool import PoolLimits, WorkerPool
from tests.imaging.made import corners, save
from tests.services.imaging.misbehave import MAGIC, misbehave

OUTPUTS = (Format.JPEG, Format.WEBP)


@pytest.mark.parametrize("mib", [40, 130])
def test_want_of_memory_is_said_as_such_wherever_it_shows(mib: int) -> None:
    pixels = np.zeros((3900, 3900, 4), np.uint8)
    pixels[::2, ::3] = (90, 120, 200, 128)
    encoded = cv2.imencode(".png", pixels)[1].tobytes()
    refused = 0
    with WorkerPool(PoolLimits(1, 60.0, mib << 20, 1), Limits()) as pool:
        for output in OUTPUTS:
            spec = ProcessSpec((RenditionSpec("a", Size(3000, 0), format=output),))
            with Exchange() as exchange:
                exchange.append(encoded)
                try:
                    list(pool.run(exchange, spec, lambda: None))
                except DecoderCrashed:
                    refused += 1
    assert refused > 0


def test_damage_is_damage_though_the_worker_once_had_a_large_picture() -> None:
    broken = bytearray(save(corners(), "GIF"))
    broken[broken.index(b"\x2c") + 10] = 60  # a code size that no decoder takes
    limits = PoolLimits(1, 60.0, 512 << 20, 1)
    with WorkerPool(limits, Limits(), misbehave) as pool:
        for content, error in ((MAGIC + b"stretch", None), (bytes(broken), DamagedImage)):
            with Exchange() as exchange, pytest.raises(error) if error else nullcontext():
                exchange.append(content)
                list(pool.run(exchange, ProcessSpec(), lambda: None))
