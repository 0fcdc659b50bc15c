"""A call that ends early frees what it held."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.storage.build import build
from services.storage.settings import StorageSettings
from services.storage.stores import Stores, open_stores
from storage.drivers.memory import MemoryStore
from storage.store import ObjectInfo
from tintype.errors import DeadlineExceeded
from tintype.storage.client import StorageClient

MIB = 1024 * 1024


class _GoneError(Exception):
    """The caller leaves."""


@pytest.fixture
def client(tmp_path: Path) -> Iterator[StorageClient]:
    settings = StorageSettings(listen="127.0.0.1:0", data_dir=tmp_path)
    server = build(settings, open_stores(settings)).server
    server.start()
    with StorageClient(server.address) as client:
        yield client
    server.drain(0)


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def readers_ahead() -> int:
    return sum(thread.name == "read-ahead" for thread in threading.enumerate())


def test_cancelled_writes_leave_no_thread_and_no_file(
    client: StorageClient, tmp_path: Path
) -> None:
    def leaving() -> Iterator[bytes]:
        for _ in range(6):
            yield bytes(MIB)
        raise _GoneError

    for number in range(20):
        with pytest.raises(_GoneError):
            client.put(f"k{number}", leaving())
    wait_until(lambda: not readers_ahead())
    wait_until(lambda: not list((tmp_path / "objects" / "staging").iterdir()))
    assert list(client.list()) == []


def test_reads_that_are_left_leave_no_thread(client: StorageClient) -> None:
    client.put("k", (bytes(MIB) for _ in range(40)))
    for _ in range(20):
        with client.get("k") as reader:
            chunks = iter(reader)
            for _ in range(4):
                next(chunks)
    wait_until(lambda: not readers_ahead())
    with client.get("k") as reader:
        assert sum(len(content) for content in reader) == 40 * MIB


def test_a_copy_that_nobody_waits_for_is_stopped(tmp_path: Path) -> None:
    copying, go_on = threading.Event(), threading.Event()

    class SlowStore(MemoryStore):
        """Copies when it is told to."""

        def copy(self, *args: Any, **others: Any) -> ObjectInfo:
            copying.set()
            go_on.wait(30)
            try:
                return super().copy(*args, **others)
            finally:
                copying.clear()

    store = SlowStore()
    settings = StorageSettings(listen="127.0.0.1:0", data_dir=tmp_path)
    server = build(settings, Stores(store, store)).server
    server.start()
    with StorageClient(server.address) as client:
        client.put("k", [b"abc"])
        with pytest.raises(DeadlineExceeded):
            client.copy("k", "late", timeout_s=0.3)
        assert copying.is_set()
        # gRPC tells the server of the deadline in a thread of its own.
        time.sleep(0.2)
        go_on.set()
        wait_until(lambda: not copying.is_set())
        assert client.head_or_none("late") is None
        client.copy("k", "in time")
        assert client.head("in time").size_bytes == 3
    server.drain(0)


def test_a_deadline_ends_a_write_that_stalls(client: StorageClient, tmp_path: Path) -> None:
    go_on = threading.Event()

    def stalling() -> Iterator[bytes]:
        yield bytes(4 * MIB)
        go_on.wait(30)

    started = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        client.put("k", stalling(), timeout_s=0.5)
    assert time.monotonic() - started < 10
    wait_until(lambda: not list((tmp_path / "objects" / "staging").iterdir()))
    go_on.set()
    assert client.head_or_none("k") is None
