"""Wiring of the imaging process."""

import os

from imaging.limits import Limits
from services.imaging.admission import Admission
from services.imaging.desk import Desk
from services.imaging.pool import PoolLimits, WorkerPool
from services.imaging.servicer import ImagingServicer
from services.imaging.settings import ImagingSettings
from services.rpc.server import RpcServer, build_server
from tintype.imaging.v1 import imaging_pb2

# Calls beyond the queue that get as far as being told so, with a time to come back.
_REFUSABLE_CALLS = 16


def build_pool(settings: ImagingSettings) -> WorkerPool:
    """Make the pool of decoder processes; the caller closes it."""
    return WorkerPool(
        PoolLimits(
            workers=settings.workers,
            task_s=settings.task_s,
            memory_bytes=settings.memory_mib << 20,
            # A lone image gets all cores for its encoders; under load they only share.
            threads=os.cpu_count() or 1,
        ),
        _limits(settings),
    )


def build(settings: ImagingSettings, pool: WorkerPool) -> RpcServer:
    """Build the server; it takes calls after `start`.

    Raises:
        OSError: the address cannot be listened on.
    """
    slots = settings.workers
    places = slots + settings.queue
    limits = _limits(settings)
    servicer = ImagingServicer(Desk(pool, Admission(slots, places), limits), limits)
    return build_server(
        imaging_pb2.DESCRIPTOR.services_by_name["ImagingService"],
        servicer,
        settings.listen,
        max_calls=places + _REFUSABLE_CALLS,
    )


def _limits(settings: ImagingSettings) -> Limits:
    return Limits(max_pixels=settings.max_pixels)
