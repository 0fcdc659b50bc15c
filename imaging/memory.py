"""Telling want of memory from other failures; codecs say it in many ways or not at all."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import cv2

# Of the address space that the process may have. What could not be had would have
# been the rest.
_NEARLY_ALL = 0.7
_STATUS = Path("/proc/self/status")


class MemoryWatch:
    """What this process takes from now on; a process outlives many pictures.

    The kernel forgets the largest resident size when it is told to (proc(5),
    clear_refs), but never the largest address space. So a new largest address space
    counts as it is; below an old one, memory counts that was written to.
    """

    def __init__(self) -> None:
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")
        self._start = _sizes()

    def ran_out(self) -> bool:
        """Tell whether the process has been near its limit; false where there is none."""
        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        now = _sizes()
        if limit == resource.RLIM_INFINITY or not now:
            return False
        peak_bytes = now["VmPeak"]
        if peak_bytes == self._start["VmPeak"]:
            peak_bytes = self._start["VmSize"] + now["VmHWM"] - self._start["VmRSS"]
        return peak_bytes > _NEARLY_ALL * limit


@contextmanager
def memory_errors() -> Iterator[None]:
    """Raise `MemoryError` for whatever a library raises when it gets no memory."""
    watch = MemoryWatch()
    try:
        yield
    except (cv2.error, OSError, RuntimeError) as error:
        said = isinstance(error, cv2.error) and error.code == cv2.Error.StsNoMem
        if said or watch.ran_out():
            raise MemoryError(str(error)) from error
        raise


def _sizes() -> dict[str, int]:
    """Return the kernel's sizes of this process in bytes; empty where it gives none."""
    if not _STATUS.exists():
        return {}
    fields = (line.split() for line in _STATUS.read_text().splitlines() if line.startswith("Vm"))
    return {name.rstrip(":"): int(kib) * 1024 for name, kib, _ in fields}
