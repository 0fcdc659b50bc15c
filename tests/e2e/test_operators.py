"""What an operator does without our code: reflection and health, with buf curl or grpcurl."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.stack import Stack

ROOT = Path(__file__).parents[2]
SERVICES = {
    "storage": "tintype.storage.v1.StorageService",
    "imaging": "tintype.imaging.v1.ImagingService",
    "ingest": "tintype.ingest.v1.IngestService",
}


def _buf(address: str, method: str, request: str) -> list[str]:
    return [
        *(str(ROOT / "node_modules/.bin/buf"), "curl", "--protocol", "grpc"),
        *("--http2-prior-knowledge", "--data", request, f"http://{address}/{method}"),
    ]


def _grpcurl(address: str, method: str, request: str) -> list[str]:
    found = shutil.which("grpcurl", path=f"{ROOT / '.tools/bin'}{os.pathsep}{os.environ['PATH']}")
    return [found or "grpcurl", "-plaintext", "-d", request, address, method]


COMMANDS = {"buf": _buf, "grpcurl": _grpcurl}


@pytest.fixture(params=COMMANDS)
def tool(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    program = COMMANDS[name]("", "", "")[0]
    if shutil.which(program) is None:
        pytest.skip(f"{name} is not installed (make backends, make lint-protos)")
    return name


def call(tool: str, address: str, method: str, request: str = "{}") -> dict[str, object]:
    """Call a method with no proto file at hand."""
    command = COMMANDS[tool](address, method, request)
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 0, ended.stderr
    answer: dict[str, object] = json.loads(ended.stdout)
    return answer


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_says_that_it_serves(stack: Stack, tool: str, name: str) -> None:
    for service in ("", SERVICES[name]):
        request = json.dumps({"service": service})
        answer = call(tool, stack.settings.reach(name), "grpc.health.v1.Health/Check", request)
        assert answer == {"status": "SERVING"}


def test_an_object_is_stored_and_read_by_hand(stack: Stack, tool: str) -> None:
    address = stack.settings.reach("storage")
    service = SERVICES["storage"]
    put = json.dumps({"header": {"key": f"by-hand/{tool}.txt"}, "content": "aGVsbG8="})
    call(tool, address, f"{service}/PutBytes", put)
    read = call(tool, address, f"{service}/GetBytes", json.dumps({"key": f"by-hand/{tool}.txt"}))
    assert read["content"] == "aGVsbG8="


def test_assets_are_listed_by_hand(stack: Stack, tool: str) -> None:
    request = json.dumps({"pageSize": 1, "owner": "nobody"})
    answer = call(tool, stack.settings.reach("ingest"), f"{SERVICES['ingest']}/ListAssets", request)
    assert answer == {}
