"""Work that does what the image tells it to, to see what becomes of the rest."""

import os
import signal
import time
from pathlib import Path

import numpy as np

from services.imaging.worker import Task, run

# So that the service takes it for an image.
MAGIC = b"GIF89a "


def misbehave(task: Task) -> None:
    """Crash, hang, hoard or stretch memory, linger, touch; with any other image do the usual."""
    with Path(task.names.memory_path).open("rb") as memory:
        word, _, path = memory.read(task.size_bytes).removeprefix(MAGIC).partition(b" ")
    if word == b"crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif word == b"hang":
        while True:
            pass
    elif word == b"hoard":
        np.ones(2 << 30, np.uint8)
    elif word == b"stretch":
        np.ones(450 << 20, np.uint8)
    elif word == b"linger":
        time.sleep(2)
    elif word == b"touch":
        Path(path.decode()).touch()
    else:
        run(task)
