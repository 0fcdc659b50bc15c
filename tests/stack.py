"""The four processes, run for real by a test: on free ports, over a folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from services.local.ready import serves
from services.local.settings import LocalSettings, environment

NAMES = ("storage", "imaging", "ingest", "edge")
_START_TIMEOUT_S = 60.0
_STOP_TIMEOUT_S = 30.0


class Stack:
    """storage, imaging, ingest and edge as separate processes.

    Each can be killed and started again at its address. What they say goes to
    `<folder>/<name>.log`. Leaving the `with` block ends them all.

    Attributes:
        settings: the addresses; `settings.reach("ingest")` and so on.
        data_dir: what the processes keep.
        environment: what they are started with; `extra` has the last word.
    """

    def __init__(self, folder: Path, extra: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.data_dir = folder / "data"
        addresses = {f"{name}_listen": address for name, address in free_addresses().items()}
        self.settings = LocalSettings(**addresses, data_dir=self.data_dir)
        self.environment = environment(self.settings, self.data_dir, os.environ)
        self.environment |= extra or {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        """Start all and wait until they serve."""
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            # Whoever runs the tests may be told to end; the processes must not stay.
            signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            for name in NAMES:
                self.start(name, wait=False)
            for name in NAMES:
                self.wait_serving(name)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End all."""
        self.close()

    def start(self, name: str, *, wait: bool = True) -> None:
        """Start one process; with `wait`, return when it serves."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", f"services.{name}"],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if wait:
            self.wait_serving(name)

    def kill(self, name: str) -> None:
        """Kill -9 one process, as it stands; its children are left to notice."""
        self.processes[name].kill()
        self.processes[name].wait(_STOP_TIMEOUT_S)

    def wait_serving(self, name: str) -> None:
        """Wait until a process says SERVING; fail with its log if it does not."""
        deadline = time.monotonic() + _START_TIMEOUT_S
        while not serves(name, self.settings.reach(name)):
            gone = self.processes[name].poll() is not None
            if gone or time.monotonic() > deadline:
                raise AssertionError(f"{name} does not serve:\n{self.log(name)}")
            time.sleep(0.05)

    def log(self, name: str) -> str:
        """Return what a process has said."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def rss_bytes(self, name: str) -> int:
        """Return the resident memory of a process, its children not counted."""
        return int(psutil.Process(self.processes[name].pid).memory_info().rss)

    def close(self) -> None:
        """Drain all; kill what does not end, and whatever they left running."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(_STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue


def free_addresses() -> dict[str, str]:
    """Find a free port for each process."""
    with ExitStack() as held:
        listeners = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in NAMES]
        ports = [listener.getsockname()[1] for listener in listeners]
    return {name: f"127.0.0.1:{port}" for name, port in zip(NAMES, ports, strict=True)}
