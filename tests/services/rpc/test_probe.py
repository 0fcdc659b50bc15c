"""The probe tells health checks what a process says of itself."""

import socket
import subprocess
import sys

import pytest

from services.rpc.probe import trouble_at
from services.storage.build import build
from services.storage.settings import StorageSettings
from services.storage.stores import Stores
from storage.drivers.memory import MemoryStore


def test_a_process_that_serves_drains_and_ends() -> None:
    """Nothing is wrong, NOT_SERVING or nobody there, and nobody there."""
    store = MemoryStore()
    server = build(StorageSettings(listen="127.0.0.1:0"), Stores(store, store)).server
    server.start()
    assert trouble_at(server.address) == ""
    server.health.enter_graceful_shutdown()
    assert trouble_at(server.address) == "NOT_SERVING"
    server.drain(0)
    assert "UNAVAILABLE" in trouble_at(server.address)


@pytest.mark.parametrize("form", ["127.0.0.1:{}", "http://127.0.0.1:{}/healthz"])
def test_nobody_there_is_one_line_and_an_exit_code(form: str) -> None:
    """As health checks want it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = form.format(free.getsockname()[1])
        run = subprocess.run(
            [sys.executable, "-m", "services.rpc.probe", address],
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 1
    assert run.stderr.startswith(f"{address} does not serve: ")
    assert len(run.stderr.splitlines()) == 1
