"""Starting what the tests talk to, on free ports, and stopping it by its process id."""

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pytest

TOOLS = Path(__file__).parents[2] / ".tools" / "bin"
START_TIMEOUT_S = 30.0
ACCESS_KEY = "tintype-tests"
SECRET_KEY = "tintype-tests-secret"  # noqa: S105  # of a server that lives as long as the tests
# The account that every Azurite has, and its published key.
AZURITE_ACCOUNT = "devstoreaccount1"
AZURITE_KEY = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)


class Server(NamedTuple):
    """A server that runs.

    Attributes:
        url: "http://127.0.0.1:port".
        pid: its process.
    """

    url: str
    pid: int

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.url.rpartition(":")[2])


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def tool(name: str) -> str:
    """Return where a program is; without it the test fails if it must run, else is skipped."""
    path = TOOLS / name
    if path.exists():
        return str(path)
    message = f"{name} is not installed: run 'make backends'"
    if os.environ.get("REQUIRE_BACKENDS") == "1":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def skip_unless_full_run() -> None:
    """Skip what takes minutes and repeats much, except where back ends are required."""
    if os.environ.get("REQUIRE_BACKENDS") != "1":
        pytest.skip("takes minutes: 'make conformance' runs it, REQUIRE_BACKENDS=1 does, too")


@contextmanager
def running(
    command: list[str],
    port: int,
    is_ready: Callable[[str], bool],
    log: Path,
    env: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Run a server until the block ends. Its output goes to `log`."""
    url = f"http://127.0.0.1:{port}"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, **(env or {})}
        )
    try:
        deadline = time.monotonic() + START_TIMEOUT_S
        while not is_ready(url):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"{command[0]} did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.05)
        yield Server(url, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def running_minio(
    folder: Path, port: int | None = None, secret_key: str = SECRET_KEY
) -> Iterator[Server]:
    """Run MinIO over `folder`."""
    program, port = tool("minio"), port or free_port()
    env = {
        "MINIO_ROOT_USER": ACCESS_KEY,
        "MINIO_ROOT_PASSWORD": secret_key,
        "MINIO_BROWSER": "off",
        "MINIO_UPDATE": "off",
        # A writer waits for a reader that stands still until this is over; 30 s if not set.
        "MINIO_IDLE_TIMEOUT": "5s",
        "GOMAXPROCS": "2",
    }
    command = [program, "server", str(folder / "data"), "--address", f"127.0.0.1:{port}"]
    with running(command, port, _is_alive("/minio/health/ready"), folder / "log", env) as server:
        yield server


@contextmanager
def running_azurite(folder: Path) -> Iterator[Server]:
    """Run Azurite's blob service, which keeps everything in memory."""
    program, port = tool("azurite-blob"), free_port()
    command = [program, "--blobHost", "127.0.0.1", "--blobPort", str(port)]
    command += ["--skipApiVersionCheck", "--disableTelemetry", "--inMemoryPersistence", "--silent"]
    with running(command, port, _is_listening, folder / "log") as server:
        yield server


@contextmanager
def running_toxiproxy(folder: Path) -> Iterator[Server]:
    """Run toxiproxy's control server."""
    program, port = tool("toxiproxy-server"), free_port()
    command = [program, "-host", "127.0.0.1", "-port", str(port)]
    with running(command, port, _is_alive("/version"), folder / "log") as server:
        yield server


def _is_alive(path: str) -> Callable[[str], bool]:
    def ask(url: str) -> bool:
        with suppress(OSError), urllib.request.urlopen(url + path, timeout=2) as answer:  # noqa: S310  # http
            return bool(answer.status == 200)
        return False

    return ask


def _is_listening(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(url.rpartition(":")[2]))) == 0
