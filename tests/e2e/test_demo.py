"""`make demo` and `make run` as a user meets them: every process real, every failure one line."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from PIL import Image

from tests.pictures import crops, photographs
from tests.stack import NAMES, free_addresses


def _environment(**extra: str) -> dict[str, str]:
    """Return an environment with free ports for all four."""
    listen = {f"TINTYPE_{name.upper()}_LISTEN": at for name, at in free_addresses().items()}
    return {**os.environ, **listen, **extra}


def _run(
    folder: Path, *arguments: object, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "services.local", *map(str, arguments)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


@contextmanager
def _started(folder: Path, command: str, environment: dict[str, str]) -> Iterator[psutil.Popen]:
    """Start a command and see to it that nothing of it is left."""
    with (folder / "said").open("w") as said:
        process = psutil.Popen(
            [sys.executable, "-m", "services.local", command],
            cwd=folder,
            env=environment,
            stdout=said,
            stderr=said,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            for one in [*process.children(recursive=True), process]:
                one.kill()
            process.wait(10)


def _listening(environment: dict[str, str]) -> list[str]:
    """Return the names of the processes whose ports are taken."""
    taken = []
    for name in NAMES:
        host, _, port = environment[f"TINTYPE_{name.upper()}_LISTEN"].rpartition(":")
        with socket.socket() as probe:
            if probe.connect_ex((host, int(port))) == 0:
                taken.append(name)
    return taken


def test_the_demo_ends_by_itself_and_shows_what_it_promises(tmp_path: Path) -> None:
    environment = _environment()
    ended = _run(tmp_path, "demo", environment=environment)
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    for name in NAMES:
        assert re.search(rf"{name} +SERVING", ended.stdout)
    urls = re.findall(
        r"(original|preview|small|medium|large) +(\d+)x\d+ .*(http://\S+)", ended.stdout
    )
    assert len(urls) == 30
    assert len(re.findall(r"#[0-9a-f]{6}", ended.stdout)) == 30
    assert "each of the 30 URLs opened" in ended.stdout
    sheet = Image.open(tmp_path / "demo" / "contact-sheet.png")
    sheet.load()
    assert sheet.width > 1000
    assert sheet.height > 6 * 300
    assert _listening(environment) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo"]


def test_the_demo_takes_own_pictures_and_a_folder_of_ones_own(tmp_path: Path) -> None:
    pictures = tmp_path / "my pictures"
    pictures.mkdir()
    for number, crop in enumerate(crops(2)):
        (pictures / f"{number}.png").write_bytes(crop)
    (pictures / "notes.txt").touch()
    environment = _environment(TINTYPE_DATA_DIR=str(tmp_path / "kept"))
    ended = _run(tmp_path, "demo", pictures, environment=environment)
    assert ended.returncode == 0, ended.stderr
    assert "2 assets" in ended.stdout
    assert (tmp_path / "kept" / "contact-sheet.png").exists()
    assert not (tmp_path / "demo").exists()


def test_a_taken_port_is_one_line_and_nothing_is_started(tmp_path: Path) -> None:
    environment = _environment()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        environment["TINTYPE_INGEST_LISTEN"] = address
        ended = _run(tmp_path, "demo", environment=environment)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr == (
        f"tintype: cannot listen on {address} (Address already in use): stop what uses the"
        " port, or set TINTYPE_INGEST_LISTEN to another host:port\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("TINTYPE_STORAGE_LISTEN", "nonsense", 'TINTYPE_STORAGE_LISTEN=nonsense: .*"host:port"'),
        ("TINTYPE_DERIVATIVE_FORMAT", "bmp", "ingest .*TINTYPE_DERIVATIVE_FORMAT=bmp"),
        ("TINTYPE_DATA_DIR", "/dev/null/x", "/dev/null/x: Not a directory"),
    ],
)
def test_a_wrong_setting_is_one_line_and_nothing_is_left(
    tmp_path: Path, variable: str, value: str, says: str
) -> None:
    environment = _environment(**{variable: value})
    ended = _run(tmp_path, "demo", environment=environment)
    assert ended.returncode == 1
    assert re.search(says, ended.stderr)
    assert len(ended.stderr.splitlines()) == 1
    if value != "nonsense":
        assert _listening(environment) == []


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "No such file or directory"), (b"%PDF-1.7\n", "PDF")],
)
def test_an_unreadable_photograph_is_one_line(
    tmp_path: Path, content: bytes | None, says: str
) -> None:
    photo = tmp_path / "photo.jpg"
    if content is not None:
        photo.write_bytes(content)
    environment = _environment()
    ended = _run(tmp_path, "demo", photo, environment=environment)
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert line.startswith(f"tintype: {photo}: ")
    assert re.search(says, line)
    assert _listening(environment) == []


def test_a_folder_that_the_demo_did_not_make_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "thesis.txt").write_text("mine")
    ended = _run(tmp_path, "demo", photographs()[0], environment=_environment())
    assert ended.returncode == 1
    assert "the demonstration did not make it" in ended.stderr
    assert (tmp_path / "demo" / "thesis.txt").read_text() == "mine"


def test_run_serves_until_ctrl_c_and_takes_all_along(tmp_path: Path) -> None:
    environment = _environment()
    with _started(tmp_path, "run", environment) as process:
        deadline = time.monotonic() + 60
        while "grpcurl -plaintext" not in (said := (tmp_path / "said").read_text()):
            assert process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.1)
        assert _listening(environment) == list(NAMES)
        family = process.children(recursive=True)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        _, alive = psutil.wait_procs(family, timeout=10)
        assert alive == []
    assert "All four processes drained." in (tmp_path / "said").read_text()


@pytest.mark.parametrize(("after_s", "number"), [(0.6, signal.SIGTERM), (1.2, signal.SIGHUP)])
def test_a_demo_that_is_ended_while_it_starts_leaves_no_process(
    tmp_path: Path, after_s: float, number: signal.Signals
) -> None:
    environment = _environment()
    with _started(tmp_path, "demo", environment) as process:
        time.sleep(after_s)
        family = process.children(recursive=True)
        process.send_signal(number)
        assert process.wait(30) in {143, -number}
        _, alive = psutil.wait_procs(family, timeout=10)
        assert alive == []
    assert _listening(environment) == []


def test_not_even_a_kill_leaves_a_process(tmp_path: Path) -> None:
    environment = _environment()
    with _started(tmp_path, "run", environment) as process:
        deadline = time.monotonic() + 60
        while "grpcurl -plaintext" not in (tmp_path / "said").read_text():
            assert time.monotonic() < deadline
            time.sleep(0.1)
        family = process.children(recursive=True)
        process.kill()
        _, alive = psutil.wait_procs(family, timeout=15)
        assert alive == []
    assert _listening(environment) == []


def test_a_process_that_dies_ends_all_and_is_named(tmp_path: Path) -> None:
    environment = _environment()
    with _started(tmp_path, "run", environment) as process:
        deadline = time.monotonic() + 60
        while "grpcurl -plaintext" not in (tmp_path / "said").read_text():
            assert time.monotonic() < deadline
            time.sleep(0.1)
        (imaging,) = [
            one
            for one in process.children(recursive=True)
            if one.cmdline()[1:] == ["-m", "services.imaging"]
        ]
        imaging.kill()
        assert process.wait(30) == 1
    assert re.search(r"tintype: imaging stopped \(exit code -9\)", (tmp_path / "said").read_text())
    assert _listening(environment) == []
