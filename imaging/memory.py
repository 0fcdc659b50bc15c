"""Telling want of memory from other failures; codecs say it in many ways or not at all."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2

# Of the address space that the process may have. What could not be had would have
# been the rest.
_NEARLY_ALL = 0.7


@contextmanager
def memory_errors() -> Iterator[None]:
    """Raise `MemoryError` for whatever a library raises when it gets no memory."""
    try:
        yield
    except (cv2.error, OSError, RuntimeError) as error:
        said = isinstance(error, cv2.error) and error.code == cv2.Error.StsNoMem
        if said or memory_ran_out():
            raise MemoryError(str(error)) from error
        raise


def memory_ran_out() -> bool:
    """Tell whether this process has ever been near its limit; false where there is none."""
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    status = Path("/proc/self/status")
    if limit == resource.RLIM_INFINITY or not status.exists():
        return False
    (peak_kib,) = (
        int(line.split()[1]) for line in status.read_text().splitlines() if "VmPeak" in line
    )
    return peak_kib * 1024 > _NEARLY_ALL * limit
