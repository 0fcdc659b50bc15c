"""The README's own commands, run as they stand there against the four processes."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pictures import photographs
from tests.stack import Stack
from tintype.ingest.client import IngestClient

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("README.md", "docs/cookbook.md")
PORTS = {"50051": "storage", "50052": "imaging", "50053": "ingest", "8080": "edge"}
# What is written for a reader to replace.
ASSET_ID = re.compile(r"\bID\b")


def _blocks(language: str) -> Iterator[tuple[str, str]]:
    """Yield each fenced block of a language with the document it is in."""
    for document in DOCUMENTS:
        path = ROOT / document
        if path.exists():
            for block in re.findall(rf"```{language}\n(.*?)```", path.read_text(), re.DOTALL):
                yield document, block


def _commands() -> list[str]:
    """Return every command for `tintype`, grpcurl and curl, continued lines joined."""
    joined = "\n".join(block for _, block in _blocks("sh")).replace("\\\n", " ")
    return [
        line.strip()
        for line in joined.splitlines()
        if line.startswith((".venv/bin/tintype ", "grpcurl ", "curl ", "timeout 2 grpcurl "))
    ]


@pytest.fixture(scope="module")
def home(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with the files that the documents speak of."""
    folder = tmp_path_factory.mktemp("home")
    pictures = folder / "Pictures"
    pictures.mkdir()
    shutil.copy(photographs()[1], pictures)
    shutil.copy(photographs()[4], folder / "photo.jpg")
    (folder / "a.txt").write_text("hello")
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".venv/bin/tintype").symlink_to(Path(sys.executable).parent / "tintype")
    subprocess.run(
        [folder / ".venv/bin/tintype", "put", "notes/a.txt", folder / "a.txt"],
        env={**os.environ, "TINTYPE_STORAGE_ADDRESS": stack.settings.reach("storage")},
        check=True,
        capture_output=True,
    )
    return folder


def _here(text: str, stack: Stack) -> str:
    """Put the addresses of this run in place of the documented ones."""
    for port, name in PORTS.items():
        text = text.replace(f"127.0.0.1:{port}", stack.settings.reach(name))
    return text


@pytest.mark.parametrize("command", dict.fromkeys(_commands()))
def test_a_documented_command_works(stack: Stack, home: Path, command: str) -> None:
    path = f"{ROOT / '.tools/bin'}{os.pathsep}{os.environ['PATH']}"
    program = command.split(maxsplit=1)[0]
    if program != ".venv/bin/tintype" and shutil.which(program, path=path) is None:
        pytest.skip(f"{program} is not installed (make backends)")
    line = _here(command, stack)
    with IngestClient(stack.settings.reach("ingest")) as client:
        if ASSET_ID.search(line):
            asset = client.ingest_file(home / "photo.jpg", timeout_s=60).asset
            line = ASSET_ID.sub(asset.id, line)
    addresses = {
        f"TINTYPE_{name.upper()}_ADDRESS": stack.settings.reach(name)
        for name in ("storage", "imaging", "ingest")
    }
    ended = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", line],
        cwd=home,
        env={**os.environ, **addresses, "HOME": str(home), "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, f"{line}\n{ended.stdout}\n{ended.stderr}"
    assert ended.stdout.strip()


@pytest.mark.parametrize("code", [block for _, block in _blocks("python")])
def test_a_documented_program_works(stack: Stack, home: Path, code: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _here(code, stack)],
        cwd=home,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip()
