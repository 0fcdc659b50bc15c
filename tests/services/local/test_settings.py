import re
from pathlib import Path

import pytest

from services.local.processes import NAMES
from services.local.settings import LocalSettings, environment, ignored_variables
from services.rpc.settings import load

ROOT = Path(__file__).parents[3]


def test_every_process_is_told_where_the_others_are(tmp_path: Path) -> None:
    settings = LocalSettings(storage_listen="0.0.0.0:7001", edge_listen="[::]:7004")
    told = environment(settings, tmp_path, {"PATH": "/bin"})
    assert told["TINTYPE_STORAGE_LISTEN"] == "0.0.0.0:7001"
    assert told["TINTYPE_STORAGE_ADDRESS"] == "127.0.0.1:7001"
    assert told["TINTYPE_IMAGING_ADDRESS"] == "127.0.0.1:50052"
    assert told["PUBLIC_BASE_URL"] == "http://[::1]:7004"
    assert told["TINTYPE_DATA_DIR"] == str(tmp_path)
    assert told["PATH"] == "/bin"


def test_a_public_url_of_ones_own_stays(tmp_path: Path) -> None:
    told = environment(LocalSettings(), tmp_path, {"PUBLIC_BASE_URL": "https://media.example"})
    assert told["PUBLIC_BASE_URL"] == "https://media.example"


def test_a_shell_that_points_at_a_server_does_not_leak_in(tmp_path: Path) -> None:
    inherited = {"S3_ENDPOINT": "https://s3.example", "S3_SECRET_KEY": "x", "S3_REGION": ""}
    told = environment(LocalSettings(), tmp_path, inherited)
    assert not any(name.startswith("S3_") for name in told)
    assert ignored_variables(inherited) == ["S3_ENDPOINT", "S3_SECRET_KEY"]


@pytest.mark.parametrize("address", ["8080", ":8080", "host:", "host:0", "host:65536", "host:x"])
def test_an_address_needs_host_and_port(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINTYPE_EDGE_LISTEN", address)
    with pytest.raises(SystemExit, match=rf"^TINTYPE_EDGE_LISTEN={address}: .*host:port"):
        load(LocalSettings)


def test_everything_listens_on_loopback_unless_a_setting_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in NAMES:
        monkeypatch.delenv(f"TINTYPE_{name.upper()}_LISTEN", raising=False)
    settings = LocalSettings()
    assert {settings.listen(name).rpartition(":")[0] for name in NAMES} == {"127.0.0.1"}


def test_the_procfile_starts_the_same_processes() -> None:
    lines = (ROOT / "Procfile").read_text().splitlines()
    started = dict(line.split(": ") for line in lines if not line.startswith("#"))
    assert list(started) == list(NAMES)
    for name, command in started.items():
        assert re.fullmatch(rf"exec \.venv/bin/python -m services\.{name}", command)
