"""Setting up a process that does nothing but decode what strangers send."""

import ctypes
import os
import resource
import signal
import sys
from multiprocessing import parent_process
from pathlib import Path

import cv2
from PIL import AvifImagePlugin
from PIL import Image as PillowImage

_PR_SET_PDEATHSIG = 1


def confine(memory_bytes: int) -> None:
    """Set up a fresh worker process: one thread a codec, bounded memory, no core files.

    Args:
        memory_bytes: address space that it may take beyond what its libraries have.
    """
    _die_with_parent()
    # A decoder in native code heeds no handler of Python's; the default ends it at once.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Codecs write what they think of a file to standard error, from below Python. A
    # flood of bad files must not become a flood in the log.
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stderr.fileno())
    cv2.setNumThreads(1)
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    # Our own budget is stricter, and Pillow's warning would only be noise.
    PillowImage.MAX_IMAGE_PIXELS = None
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    statm = Path("/proc/self/statm")
    if statm.exists():
        used = int(statm.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + memory_bytes, used + memory_bytes))


def _die_with_parent() -> None:
    """End with the service, even in the middle of a hang: nobody else keeps the time.

    Only Linux can; elsewhere a worker ends by itself after its image.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        parent = parent_process()
        if parent is not None and os.getppid() != parent.pid:
            # It ended before the system was asked to tell.
            os._exit(1)
