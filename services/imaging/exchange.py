"""Memory and a pipe that a worker process opens by name, so that no picture is pickled.

On Linux both are nameless and live as long as a process holds them: a killed
service leaves nothing behind, and a container's small /dev/shm does not matter.
Elsewhere they are files in the temporary folder.
"""

import os
import tempfile
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import Any, NamedTuple, Self

_LINUX = hasattr(os, "memfd_create") and Path("/proc/self/fd").is_dir()


class Names(NamedTuple):
    """What a worker needs to open its side."""

    memory_path: str
    events_path: str
    token: str


class Exchange:
    """What the service and one worker share for one image. Close it, or leave its `with` block.

    Attributes:
        names: for the worker.
        size_bytes: what the service has appended to the memory.
    """

    def __init__(self) -> None:
        self.size_bytes = 0
        self._closed = False
        # Guards the pipe against being closed while another thread tells something.
        self._lock = threading.Lock()
        self._folder = None if _LINUX else tempfile.mkdtemp(prefix="tintype-image-")
        token = token_hex(8)
        if self._folder is None:
            read_fd, write_fd = os.pipe()
            self._memory = os.memfd_create(f"tintype-{token}")
            own = f"/proc/{os.getpid()}/fd"
            self.names = Names(f"{own}/{self._memory}", f"{own}/{write_fd}", token)
        else:
            self.names = Names(f"{self._folder}/memory", f"{self._folder}/events", token)
            os.mkfifo(self.names.events_path, mode=0o600)
            read_fd = os.open(self.names.events_path, os.O_RDONLY | os.O_NONBLOCK)
            write_fd = os.open(self.names.events_path, os.O_WRONLY)
            os.set_blocking(read_fd, True)
            self._memory = os.open(self.names.memory_path, os.O_RDWR | os.O_CREAT, 0o600)
        self._reader = Connection(read_fd, writable=False)
        self._writer = Connection(write_fd, readable=False)

    def append(self, content: bytes | bytearray | memoryview) -> None:
        """Write behind what was appended before."""
        write_all(self._memory, content, self.size_bytes)
        self.size_bytes += len(content)

    def read(self, offset: int, length_bytes: int) -> bytes:
        """Return what stands in the memory, whoever wrote it."""
        return os.pread(self._memory, length_bytes, offset)

    def tell(self, event: object) -> None:
        """Put an event of the service's own among the worker's. After closing: nothing.

        Both write to one pipe. Events are shorter than PIPE_BUF, so they never mix, and a
        worker that dies has written a whole one or none.
        """
        with self._lock:
            if not self._closed:
                self._writer.send(event)

    def wait(self) -> Any:
        """Return the next event, as soon as there is one."""
        return self._reader.recv()

    def close(self) -> None:
        """Free everything. A worker that still holds its side harms nobody."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            # The memory first, the pipe last: see `open_names`.
            os.close(self._memory)
            self._reader.close()
            self._writer.close()
        if self._folder is not None:
            Path(self.names.memory_path).unlink()
            Path(self.names.events_path).unlink()
            Path(self._folder).rmdir()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_names(names: Names) -> tuple[int, Connection]:
    """Open a worker's side: the memory's file descriptor and the pipe for events.

    A path under /proc names a descriptor by its number, and a number is given out
    again once it is closed. The service closes the memory before the pipe; so when
    the memory, opened second, is the right one, the pipe was too.

    Raises:
        OSError: the service has closed its side.
    """
    events = Connection(os.open(names.events_path, os.O_WRONLY), readable=False)
    memory = os.open(names.memory_path, os.O_RDWR)
    if _LINUX and names.token not in str(Path(f"/proc/self/fd/{memory}").readlink()):
        os.close(memory)
        raise OSError(f"{names.memory_path} is something else by now")
    return memory, events


def write_all(fd: int, content: bytes | bytearray | memoryview, offset: int) -> None:
    """Write everything at `offset`; one call of the system may write less."""
    view = memoryview(content)
    while view:
        written = os.pwrite(fd, view, offset)
        offset += written
        view = view[written:]
