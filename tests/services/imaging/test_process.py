"""The process itself: how it starts, drains, and what it leaves behind when it is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from services.imaging.__main__ import main
from tests.imaging.made import corners, save
from tests.stack import Stack
from tintype.imaging.client import ImagingClient


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    stack = Stack(tmp_path)
    stack.start("imaging")
    yield stack
    stack.close()


def family(stack: Stack) -> list[psutil.Process]:
    return psutil.Process(stack.processes["imaging"].pid).children(recursive=True)


def wait_gone(processes: list[psutil.Process]) -> None:
    _, alive = psutil.wait_procs(processes, timeout=30)
    assert not alive


def test_a_killed_service_leaves_no_worker_and_serves_again_at_once(stack: Stack) -> None:
    image = save(corners(), "PNG")
    with ImagingClient(stack.settings.reach("imaging")) as client:
        first = client.palette([image])
    workers = family(stack)
    assert workers
    stack.kill("imaging")
    wait_gone(workers)
    stack.start("imaging")
    with ImagingClient(stack.settings.reach("imaging")) as client:
        assert client.palette([image]) == first


def test_it_drains_on_sigterm_and_leaves_nothing(stack: Stack) -> None:
    workers = family(stack)
    process = stack.processes["imaging"]
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    wait_gone(workers)


def test_ctrl_c_at_a_terminal_ends_it_the_same_way(stack: Stack) -> None:
    workers = family(stack)
    process = stack.processes["imaging"]
    # A terminal sends it to the workers too.
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(30) == 0
    wait_gone(workers)
    assert "Traceback" not in stack.log("imaging")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TINTYPE_IMAGING_WORKERS", "none"),
        ("TINTYPE_MAX_PIXELS", "0"),
        ("TINTYPE_IMAGING_TASK_S", "-1"),
        ("TINTYPE_IMAGING_MEMORY_MIB", "1"),
    ],
)
def test_a_wrong_setting_stops_it_in_one_line(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit) as caught:
        main()
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"{variable}={value}: ")


def test_a_port_that_is_taken_stops_it_in_one_line(stack: Stack) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "services.imaging"],
        env=stack.environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].endswith("is the port taken?")
