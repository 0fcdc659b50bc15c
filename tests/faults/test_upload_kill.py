"""kill -9 of the storage process in the middle of a resumable upload to a server."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from services.rpc.probe import trouble_at
from tests.backends.servers import free_port
from tintype.errors import TintypeError
from tintype.storage.client import StorageClient

pytestmark = [pytest.mark.backend, pytest.mark.faults]
MIB = 1024 * 1024
CONTENT = bytes(range(251)) * (80 * 1024)  # 19.6 MiB
_START_TIMEOUT_S = 60.0


@pytest.fixture(params=["s3", "azure"])
def environment(request: pytest.FixtureRequest) -> dict[str, str]:
    """What the process is told: a new bucket or container."""
    if request.param == "s3":
        s3 = request.getfixturevalue("s3_options")
        return {
            "S3_ENDPOINT": s3.endpoint,
            "S3_ACCESS_KEY": s3.access_key,
            "S3_SECRET_KEY": s3.secret_key,
            "S3_BUCKET": s3.bucket,
        }
    azure = request.getfixturevalue("azure_options")
    return {
        "AZURE_STORAGE_ACCOUNT": azure.account,
        "AZURE_STORAGE_KEY": azure.key,
        "AZURE_STORAGE_ENDPOINT": azure.endpoint,
        "AZURE_STORAGE_CONTAINER": azure.container,
    }


@contextmanager
def running(
    environment: dict[str, str], log: Path
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run the storage process until the block ends, however it ends there."""
    address = f"127.0.0.1:{free_port()}"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.storage"],
            env={**os.environ, **environment, "TINTYPE_STORAGE_LISTEN": address},
            stdout=output,
            stderr=output,
        )
    try:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while trouble_at(address):
            assert process.poll() is None, log.read_text()[-2000:]
            assert time.monotonic() < deadline, log.read_text()[-2000:]
            time.sleep(0.05)
        yield address, process
    finally:
        process.kill()
        process.wait()


@pytest.mark.timeout(180)
def test_an_upload_goes_on_where_a_killed_process_left_it(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """Nothing that was said to be kept is lost, nothing is visible before the end."""
    log = tmp_path / "log"
    with running(environment, log) as (address, process), StorageClient(address) as client:
        upload_id = client.start_upload("object", timeout_s=20).upload_id

        def killed() -> Iterator[bytes]:
            for start in range(0, 18 * MIB, MIB):
                yield CONTENT[start : start + MIB]
            while client.query_upload(upload_id, timeout_s=20).persisted_bytes < 8 * MIB:
                time.sleep(0.02)
            process.send_signal(signal.SIGKILL)
            process.wait()
            yield CONTENT[18 * MIB :]

        with pytest.raises(TintypeError):
            client.continue_upload(upload_id, 0, killed(), timeout_s=60)
    with running(environment, log) as (address, _), StorageClient(address) as client:
        assert client.get_or_none("object", timeout_s=20) is None
        kept = client.query_upload(upload_id, timeout_s=20).persisted_bytes
        assert 8 * MIB <= kept <= 18 * MIB
        runs = (CONTENT[start : start + MIB] for start in range(kept, len(CONTENT), MIB))
        digest = sha256(CONTENT).digest()
        stored = client.continue_upload(upload_id, kept, runs, sha256=lambda: digest, timeout_s=60)
        assert (stored.size_bytes, stored.sha256) == (len(CONTENT), digest)
        assert client.query_upload(upload_id, timeout_s=20).info == stored
        with client.get("object", timeout_s=60) as reader:
            assert reader.read() == CONTENT
        assert [info.key for info in client.list(timeout_s=20)] == ["object"]
