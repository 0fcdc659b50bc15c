"""The command line on a real terminal: a bar while it works, swatches when it is done."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.harness import CatalogInMemory


def _on_a_terminal(folder: Path, address: str, **extra: str) -> str:
    """Ingest a folder with both outputs on a pseudo-terminal; return all that it shows."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **extra}
    command = [sys.executable, "-m", "tintype.cli", "ingest", "--ingest", address, str(folder)]
    with subprocess.Popen(
        command, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 65_536)
            except OSError:  # the other end is closed
                break
        assert process.wait(20) == 1
    os.close(ours)
    return shown.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two pictures, one of which is refused."""
    (tmp_path / "good.jpg").write_bytes(b"x" * 1000)
    (tmp_path / "bad.jpg").write_bytes(b"not a picture")
    return tmp_path


def test_a_terminal_shows_a_bar_and_swatches(catalog: CatalogInMemory, folder: Path) -> None:
    shown = _on_a_terminal(folder, catalog.address)
    assert "0/2" in shown
    assert "━" in shown
    assert "\x1b[48;2;240;64;32m" in shown
    assert "bad.jpg: this is no image but text" in shown
    assert "1 ingested, 1 failed" in shown.splitlines()[-1]
    assert shown.count("\x1b[?25l") == shown.count("\x1b[?25h"), "the cursor comes back"


def test_no_color_paints_nothing(catalog: CatalogInMemory, folder: Path) -> None:
    shown = _on_a_terminal(folder, catalog.address, NO_COLOR="1")
    assert "48;2" not in shown
    assert "#f04020" in shown


def test_a_dumb_terminal_gets_no_bar(catalog: CatalogInMemory, folder: Path) -> None:
    shown = _on_a_terminal(folder, catalog.address, TERM="dumb")
    assert "\x1b" not in shown
    assert "━" not in shown
    assert "1 ingested, 1 failed" in shown
