import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.harness import CatalogInMemory, Ended

Tintype = Callable[..., Ended]


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder as people have them."""
    folder = tmp_path / "holiday"
    (folder / "beach" / ".hidden").mkdir(parents=True)
    (folder / "one.jpg").write_bytes(b"one")
    (folder / "beach" / "two.PNG").write_bytes(b"two" * 500_000)
    (folder / "beach" / "notes.txt").write_bytes(b"not a picture")
    (folder / "beach" / ".hidden" / "thumb.jpg").write_bytes(b"thumb")
    (folder / ".three.jpg").write_bytes(b"three")
    return folder


def test_a_folder_is_walked_for_pictures_and_nothing_else(
    tintype: Tintype, catalog: CatalogInMemory, pictures: Path
) -> None:
    ended = tintype("ingest", "--ingest", catalog.address, pictures)
    assert ended.exit_code == 0
    assert sorted(asset.file_name for asset in catalog.assets.values()) == ["one.jpg", "two.PNG"]
    assert sorted(catalog.content.values()) == [b"one", b"two" * 500_000]
    assert "2 ingested" in ended.lines[-1]
    assert ended.err == ""


def test_a_file_named_outright_is_tried_whatever_its_name(
    tintype: Tintype, catalog: CatalogInMemory, tmp_path: Path
) -> None:
    (tmp_path / "picture.dat").write_bytes(b"x")
    assert tintype("ingest", "--ingest", catalog.address, tmp_path / "picture.dat").exit_code == 0
    assert len(catalog.assets) == 1


def test_one_bad_file_does_not_stop_the_others(
    tintype: Tintype, catalog: CatalogInMemory, pictures: Path
) -> None:
    bad, missing = pictures / "bad.jpg", pictures / "missing.jpg"
    bad.write_bytes(b"not a picture")
    ended = tintype("ingest", "--ingest", catalog.address, missing, pictures)
    assert ended.exit_code == 1
    assert len(catalog.assets) == 2
    assert ended.err.splitlines() == [
        f"tintype: {missing}: No such file or directory",
        f"tintype: {bad}: this is no image but text: send a picture",
    ]
    assert "2 ingested, 2 failed" in ended.lines[-1]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_without_permission_is_named(
    tintype: Tintype, catalog: CatalogInMemory, pictures: Path
) -> None:
    (pictures / "one.jpg").chmod(0)
    ended = tintype("ingest", "--ingest", catalog.address, pictures)
    assert ended.exit_code == 1
    assert "one.jpg: Permission denied" in ended.err


def test_a_device_is_no_file(tintype: Tintype, catalog: CatalogInMemory) -> None:
    ended = tintype("ingest", "--ingest", catalog.address, "/dev/zero")
    assert ended.exit_code == 1
    assert "neither a file nor a folder" in ended.err


def test_an_empty_folder_is_an_error(
    tintype: Tintype, catalog: CatalogInMemory, tmp_path: Path
) -> None:
    ended = tintype("ingest", "--ingest", catalog.address, tmp_path)
    assert ended.exit_code == 1
    assert "no picture in this folder" in ended.err


def test_json_is_one_object_a_file(
    tintype: Tintype, catalog: CatalogInMemory, pictures: Path
) -> None:
    (pictures / "bad.jpg").write_bytes(b"not a picture")
    ended = tintype("ingest", "--json", "--ingest", catalog.address, pictures)
    said = {Path(value["file"]).name: value for value in map(json.loads, ended.lines)}
    assert set(said) == {"one.jpg", "two.PNG", "bad.jpg"}
    assert said["bad.jpg"]["error"] == {
        "reason": "UNSUPPORTED_FORMAT",
        "message": "this is no image but text: send a picture",
    }
    asset = said["one.jpg"]["asset"]
    assert asset["state"] == "ASSET_STATE_DRAFT"
    assert asset["size_bytes"] == "3"
    assert len(asset["colors"]) == 5
    assert said["one.jpg"]["existed"] is False


def test_what_is_said_about_the_files_arrives(
    tintype: Tintype, catalog: CatalogInMemory, pictures: Path
) -> None:
    tintype(
        *("ingest", "--ingest", catalog.address, "--owner", "ann", "--source", "discord"),
        *("--title", "Beach", "--tag", "sea", "--tag", "sand", "--project", "p"),
        *("--external-id", "x-1", pictures / "one.jpg"),
    )
    (options,) = catalog.headers
    assert (options.owner, options.external_id, options.file_name) == ("ann", "x-1", "one.jpg")
    assert options.source == 2
    assert options.details.title == "Beach"
    assert list(options.details.tags) == ["sea", "sand"]
    assert options.details.project == "p"


def test_the_same_external_id_is_said_to_be_there_already(
    tintype: Tintype, catalog: CatalogInMemory, pictures: Path
) -> None:
    arguments = ("ingest", "--ingest", catalog.address, "--external-id", "x", pictures / "one.jpg")
    tintype(*arguments)
    ended = tintype(*arguments)
    assert ended.exit_code == 0
    assert "there already" in ended.lines[0]
    assert ended.lines[-1].startswith("0 ingested, 1 there already;")


def test_an_overloaded_service_is_waited_for(
    tintype: Tintype, catalog: CatalogInMemory, tmp_path: Path
) -> None:
    (tmp_path / "a.jpg").write_bytes(b"busy")
    catalog.busy_times = 1
    ended = tintype("ingest", "--ingest", catalog.address, tmp_path)
    assert (ended.exit_code, ended.err) == (0, "")
    assert len(catalog.assets) == 1


def test_waiting_ends_with_the_timeout(
    tintype: Tintype, catalog: CatalogInMemory, tmp_path: Path
) -> None:
    (tmp_path / "a.jpg").write_bytes(b"busy")
    catalog.busy_times = 100
    ended = tintype("ingest", "--timeout", "0.5", "--ingest", catalog.address, tmp_path)
    assert ended.exit_code == 1
    assert ended.err == f"tintype: {tmp_path}/a.jpg: too much to do (try again in 1 s)\n"


def test_an_external_id_goes_with_one_file(
    tintype: Tintype, catalog: CatalogInMemory, pictures: Path
) -> None:
    ended = tintype("ingest", "--ingest", catalog.address, "--external-id", "x", pictures)
    assert ended.exit_code == 2
    assert ended.err == "tintype: --external-id is the name of one file, not of 2\n"


def test_a_service_out_of_reach_is_one_line_with_a_next_step(
    tintype: Tintype, pictures: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"127.0.0.1:{listener.getsockname()[1]}"
    ended = tintype("ingest", "--jobs", "1", "--ingest", address, pictures)
    assert ended.exit_code == 4
    (line,) = ended.err.splitlines()
    assert f"does not answer at {address}: is it running? Try: make run" in line
    assert ended.lines[-1].startswith("0 ingested, 2 not tried")


def test_a_file_name_cannot_steer_the_terminal(
    tintype: Tintype, catalog: CatalogInMemory, tmp_path: Path
) -> None:
    path = tmp_path / "red\x1b[31m.jpg"
    path.write_bytes(b"not a picture")
    ended = tintype("ingest", "--ingest", catalog.address, path)
    assert "\x1b" not in ended.err
    assert "red\\x1b[31m.jpg" in ended.err


def test_ctrl_c_ends_at_once_and_cancels_what_runs(
    catalog: CatalogInMemory, tmp_path: Path
) -> None:
    for number in range(3):
        (tmp_path / f"{number}.jpg").write_bytes(b"slow")
    command = [sys.executable, "-m", "tintype.cli", "ingest", "--ingest", catalog.address]
    with subprocess.Popen(
        [*command, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert catalog.slow_begun.wait(20)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert err.startswith("tintype: stopped; 0 ingested")
    assert "Traceback" not in err + out
    assert catalog.slow_cancelled.wait(10)
