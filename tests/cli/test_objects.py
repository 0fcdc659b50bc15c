import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import grpc
import pytest
from crc32c import crc32c

from services.rpc.server import build_server
from services.storage.build import build
from services.storage.settings import StorageSettings
from services.storage.stores import open_stores
from tests.cli.harness import Ended
from tintype.storage.v1 import storage_pb2

Tintype = Callable[..., Ended]
SERVICE = storage_pb2.DESCRIPTOR.services_by_name["StorageService"]


@pytest.fixture
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the real storage service over a folder of its own."""
    settings = StorageSettings(listen="127.0.0.1:0", data_dir=tmp_path_factory.mktemp("data"))
    server = build(settings, open_stores(settings)).server
    server.start()
    yield server.address
    server.drain(0)


def test_put_and_get_give_the_same_bytes(tintype: Tintype, storage: str, tmp_path: Path) -> None:
    content = os.urandom(3_000_000)
    (tmp_path / "a.jpg").write_bytes(content)
    ended = tintype("put", "--storage", storage, "photos/a.jpg", tmp_path / "a.jpg")
    assert ended.lines == ["stored photos/a.jpg  3.0 MB  image/jpeg"]
    ended = tintype("get", "--storage", storage, "photos/a.jpg", "-o", tmp_path / "b.jpg")
    assert (ended.exit_code, ended.out, ended.err) == (0, "", "")
    assert (tmp_path / "b.jpg").read_bytes() == content


def test_standard_input_and_output(
    tintype: Tintype, storage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"from a pipe")))
    ended = tintype("put", "--storage", storage, "--json", "notes.txt", "-")
    info = json.loads(ended.out)
    assert (info["key"], info["size_bytes"], info["content_type"]) == (
        "notes.txt",
        "11",
        "text/plain",
    )
    assert tintype("get", "--storage", storage, "notes.txt").out == "from a pipe"


def test_create_only_refuses_to_replace(tintype: Tintype, storage: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"first")
    tintype("put", "--storage", storage, "a", tmp_path / "a")
    ended = tintype("put", "--storage", storage, "--create-only", "a", tmp_path / "a")
    assert ended.exit_code == 1
    assert ended.err == "tintype: there is an object at 'a' already\n"


def test_a_missing_object_is_exit_code_3_and_leaves_no_file(
    tintype: Tintype, storage: str, tmp_path: Path
) -> None:
    ended = tintype("get", "--storage", storage, "nothing", "-o", tmp_path / "a")
    assert (ended.exit_code, ended.err) == (3, "tintype: no object at 'nothing'\n")
    assert not any(tmp_path.iterdir())


def test_a_key_against_the_rules_is_named(tintype: Tintype, storage: str) -> None:
    ended = tintype("get", "--storage", storage, "../etc/passwd")
    assert ended.exit_code == 1
    assert ".." in ended.err
    assert len(ended.err.splitlines()) == 1


def test_ls_folds_like_folders_and_lists_all_on_demand(
    tintype: Tintype, storage: str, tmp_path: Path
) -> None:
    (tmp_path / "x").write_bytes(b"12345")
    for key in ("top.txt", "a/one.txt", "a/b/two.txt"):
        tintype("put", "--storage", storage, key, tmp_path / "x")
    ended = tintype("ls", "--storage", storage)
    assert [line.split()[-1] for line in ended.lines] == ["a/", "top.txt"]
    ended = tintype("ls", "--storage", storage, "-r", "a/")
    assert [line.split()[-1] for line in ended.lines] == ["a/b/two.txt", "a/one.txt"]
    ended = tintype("ls", "--storage", storage, "--json", "a/")
    folder, info = map(json.loads, ended.lines)
    assert folder == {"common_prefix": "a/b/"}
    assert (info["key"], info["size_bytes"]) == ("a/one.txt", "5")


def test_rm_removes_each_key(tintype: Tintype, storage: str, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"12345")
    for key in ("a", "b"):
        tintype("put", "--storage", storage, key, tmp_path / "x")
    ended = tintype("rm", "--storage", storage, "--json", "a", "b")
    assert list(map(json.loads, ended.lines)) == [
        {"key": "a", "removed": True},
        {"key": "b", "removed": True},
    ]
    assert tintype("ls", "--storage", storage).out == ""


def test_an_unreadable_file_is_one_line(tintype: Tintype, storage: str, tmp_path: Path) -> None:
    ended = tintype("put", "--storage", storage, "a", tmp_path / "missing")
    assert ended.exit_code == 1
    assert ended.err == f"tintype: {tmp_path}/missing: No such file or directory\n"


def test_a_terminal_is_spared_binary_content(
    tintype: Tintype, storage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\x1b[2J")
    (tmp_path / "a.txt").write_bytes(b"text")
    for name in ("a.jpg", "a.txt"):
        tintype("put", "--storage", storage, name, tmp_path / name)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    ended = tintype("get", "--storage", storage, "a.jpg")
    assert (ended.exit_code, ended.out) == (2, "")
    assert "this is image/jpeg, not for a terminal" in ended.err
    assert tintype("get", "--storage", storage, "a.txt").out == "text"
    assert tintype("get", "--storage", storage, "a.jpg", "-o", "-").out == "\x1b[2J"


def test_json_with_content_on_standard_output_is_refused(tintype: Tintype, storage: str) -> None:
    ended = tintype("get", "--storage", storage, "--json", "a")
    assert ended.exit_code == 2
    assert "needs -o FILE" in ended.err


class BreakingStorage:
    """Sends the first of two chunks of an object, then breaks off or waits."""

    def __init__(self, *, wait: bool) -> None:
        self.sent = threading.Event()
        self._wait = wait

    def Get(  # noqa: N802  # the contract's name
        self, request: storage_pb2.GetRequest, context: grpc.ServicerContext
    ) -> Iterator[storage_pb2.GetResponse]:
        """Send half an object."""
        info = storage_pb2.ObjectInfo(key=request.key, size_bytes=10, etag="e")
        yield storage_pb2.GetResponse(header=storage_pb2.GetHeader(info=info, length_bytes=10))
        yield storage_pb2.GetResponse(
            chunk=storage_pb2.Chunk(content=b"12345", crc32c=crc32c(b"12345"))
        )
        self.sent.set()
        if self._wait:
            gone = threading.Event()
            context.add_callback(gone.set)
            gone.wait(30)
        else:
            context.abort(grpc.StatusCode.DATA_LOSS, "the other half is damaged")


@pytest.mark.parametrize("number", [None, signal.SIGINT, signal.SIGTERM])
def test_a_get_that_breaks_leaves_no_file(tmp_path: Path, number: signal.Signals | None) -> None:
    servicer = BreakingStorage(wait=number is not None)
    server = build_server(SERVICE, servicer, "127.0.0.1:0")
    server.start()
    command = [sys.executable, "-m", "tintype.cli", "get", "--storage", server.address, "k"]
    with subprocess.Popen(
        [*command, "-o", str(tmp_path / "k")], stderr=subprocess.PIPE, text=True
    ) as process:
        assert servicer.sent.wait(20)
        if number is not None:
            process.send_signal(number)
        _, err = process.communicate(timeout=20)
    server.drain(0)
    assert "Traceback" not in err
    assert not any(tmp_path.iterdir())
    if number is None:
        assert (process.returncode, err) == (1, "tintype: the other half is damaged\n")
    else:
        assert process.returncode == 128 + number
