"""Starting what `make bench-storage` measures, and watching how much memory it takes."""

import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import grpc
import psutil

from tests.backends.servers import free_port

MINIO = Path(".tools/bin/minio")
KEY, SECRET = "bench-storage", "bench-storage-secret"
_START_TIMEOUT_S = 60.0
_SAMPLE_S = 0.02


@dataclass(frozen=True)
class Running:
    """A server that takes calls."""

    address: str
    process: psutil.Process

    def cpu_s(self) -> float:
        """Return the processor seconds that it has used."""
        times = self.process.cpu_times()
        return times.user + times.system


@contextmanager
def rival(name: str) -> Iterator[Running]:
    """Run one of bench/storage_rivals.py in a process of its own."""
    with _started(
        [sys.executable, "-m", "bench.storage_rivals", name], {}, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        port = process.stdout.readline().decode().strip()
        yield Running(f"127.0.0.1:{port}", psutil.Process(process.pid))


@contextmanager
def service(environment: Mapping[str, str]) -> Iterator[Running]:
    """Run the storage process as it is run in production."""
    address = f"127.0.0.1:{free_port()}"
    with _started(
        [sys.executable, "-m", "services.storage"],
        {"TINTYPE_STORAGE_LISTEN": address, **environment},
        stdout=subprocess.DEVNULL,
    ) as process:
        with grpc.insecure_channel(address) as channel:
            grpc.channel_ready_future(channel).result(_START_TIMEOUT_S)
        yield Running(address, psutil.Process(process.pid))


@contextmanager
def minio(folder: Path) -> Iterator[Running]:
    """Run MinIO over a folder."""
    address = f"127.0.0.1:{free_port()}"
    with _started(
        [str(MINIO), "server", "--quiet", "--address", address, str(folder)],
        {"MINIO_ROOT_USER": KEY, "MINIO_ROOT_PASSWORD": SECRET},
        stdout=subprocess.DEVNULL,
    ) as process:
        until_s = time.monotonic() + _START_TIMEOUT_S
        while time.monotonic() < until_s:
            with suppress(OSError):
                urllib.request.urlopen(f"http://{address}/minio/health/live")  # ours
                break
            time.sleep(0.1)
        yield Running(address, psutil.Process(process.pid))


@contextmanager
def _started(
    command: list[str], environment: Mapping[str, str], *, stdout: int
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command for as long as the block lasts."""
    with subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=stdout, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(_START_TIMEOUT_S)


class MemoryWatch:
    """How far the resident memory of processes rises above where it was, in MiB."""

    def __init__(self, processes: Mapping[str, psutil.Process]) -> None:
        self._processes = processes
        self._before = {name: one.memory_info().rss for name, one in processes.items()}
        self._peak = dict(self._before)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        """Begin to watch."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End watching."""
        self._stop.set()
        self._thread.join()

    def growth_mib(self) -> dict[str, float]:
        """Return the highest growth of each process."""
        return {
            name: round((self._peak[name] - before) / 2**20, 1)
            for name, before in self._before.items()
        }

    def _watch(self) -> None:
        while not self._stop.wait(_SAMPLE_S):
            for name, process in self._processes.items():
                self._peak[name] = max(self._peak[name], process.memory_info().rss)
