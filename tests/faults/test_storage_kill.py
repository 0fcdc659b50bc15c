"""kill -9 of the storage process at random moments, then everything is read back."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import grpc
import pytest

from services.storage.settings import StorageSettings
from storage.drivers.filesystem import FilesystemStore
from tests.faults.storage_load import Worker
from tintype.storage.client import StorageClient

_WORKERS = 4
_START_TIMEOUT_S = 60.0
# `make faults` sets it to 200, or to 20 with QUICK=1.
_KILLS = int(os.environ.get("TINTYPE_FAULT_KILLS", "3"))


class Process:
    """The storage process, started, killed and started again at one address."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self._log = folder / "storage.log"
        self._environment = {
            **os.environ,
            "TINTYPE_STORAGE_LISTEN": self.address,
            "TINTYPE_DATA_DIR": str(folder / "data"),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it takes calls."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "services.storage"],
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        with grpc.insecure_channel(
            self.address, options=[("grpc.max_reconnect_backoff_ms", 100)]
        ) as channel:
            grpc.channel_ready_future(channel).result(_START_TIMEOUT_S)

    def end(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end; return the exit code."""
        assert self._process is not None
        assert self._process.poll() is None, self._log.read_text()[-2000:]
        self._process.send_signal(number)
        return self._process.wait(_START_TIMEOUT_S)


@pytest.mark.faults
@pytest.mark.timeout(60 + 10 * _KILLS)
def test_no_acknowledged_object_is_lost_or_changed_by_kill_9(tmp_path: Path) -> None:
    process, stop = Process(tmp_path), threading.Event()
    workers = [Worker(process.address, number, stop) for number in range(_WORKERS)]
    threads = [threading.Thread(target=worker.run) for worker in workers]
    moments = random.Random(int(os.environ.get("TINTYPE_FAULT_SEED", time.time_ns())))
    process.start()
    for thread in threads:
        thread.start()
    try:
        for _ in range(_KILLS):
            time.sleep(moments.uniform(0.05, 1.0))
            process.end(signal.SIGKILL)
            process.start()
        stop.wait(1)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        code = process.end(signal.SIGTERM)
    for worker in workers:
        if worker.failure is not None:
            raise worker.failure
    assert code == 0
    answered = sum(worker.answered for worker in workers)
    unanswered = sum(worker.unanswered for worker in workers)
    print(f"{_KILLS} kills, {answered} changes answered, {unanswered} cut off")
    assert answered > _KILLS
    _read_everything_back(process, workers)
    process.end(signal.SIGTERM)
    _nothing_is_left_over(tmp_path / "data" / "objects", workers)


def _read_everything_back(process: Process, workers: list[Worker]) -> None:
    """Hold every key and every upload against what the workers know."""
    process.start()
    with StorageClient(process.address) as client:
        for worker in workers:
            for key in worker.states:
                worker.verify(client, key)
            worker.verify_upload(client)
        expected = sorted(
            key for worker in workers for key, state in worker.states.items() if state != {None}
        )
        assert [info.key for info in client.list()] == expected


def _nothing_is_left_over(root: Path, workers: list[Worker]) -> None:
    """The sweep at the start has taken what the killed processes left in staging."""
    assert list((root / "staging").iterdir()) == []
    store = FilesystemStore(root)
    ttl = StorageSettings().upload_ttl
    assert store.sweep_uploads(ttl) == 0
    for worker in workers:
        if worker.upload is not None:
            store.abort_upload(worker.upload.upload_id)
