"""A worker process ends with the one that it works for."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

# The worker is only confined when its parent has been dead for a while.
ORPHAN = """
import multiprocessing, os, sys, time
from imaging.confine import confine
def work(parent):
    print(os.getpid(), flush=True)
    while os.getppid() == parent:
        time.sleep(0.01)
    confine(1 << 30)
    time.sleep(60)
if __name__ == "__main__":
    child = multiprocessing.get_context("spawn").Process(target=work, args=(os.getpid(),))
    child.start()
    sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_a_worker_whose_service_ended_while_it_started_ends_too(tmp_path: Path) -> None:
    script = tmp_path / "orphan.py"
    script.write_text(ORPHAN)
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": "."},
    ) as service:
        assert service.stdout is not None
        worker = psutil.Process(int(service.stdout.readline()))
        service.kill()
    try:
        worker.wait(10)
    finally:
        if worker.is_running():
            worker.kill()
