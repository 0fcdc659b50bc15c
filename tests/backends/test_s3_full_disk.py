"""A MinIO server whose disk is full."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from storage.checksums import chunks_of
from storage.drivers.s3 import S3Options, S3Store
from storage.errors import StoreFull, StoreUnavailable
from storage.store import PutInfo
from tests.backends.servers import running_minio

pytestmark = pytest.mark.backend
LARGE = bytes(range(256)) * (40 * 1024)  # 10 MiB


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 80 MiB of its own."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", str(tmp_path)]
    mounted = subprocess.run(mount, check=False, capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"needs a disk of its own, and mounting is not allowed: {mounted.stderr}")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_full_disk_is_said_and_what_was_stored_stays(
    small_disk: Path, s3_options: S3Options, open_store: Callable[..., S3Store]
) -> None:
    """Whichever request meets it first; deleting works."""
    with running_minio(small_disk) as server:
        store = open_store(replace(s3_options, endpoint=server.url))
        stored: list[str] = []

        def fill() -> None:
            for number in range(20):
                # The put that meets the very end of the disk is told of other trouble.
                with suppress(StoreUnavailable):
                    store.put(f"{number}", chunks_of([LARGE]), PutInfo())
                    stored.append(f"{number}")

        with pytest.raises(StoreFull, match="has no room"):
            fill()
        assert len(stored) > 2
        assert [info.key for info in store.list().objects] == sorted(stored)
        for key in stored:
            with store.get(key) as reader:
                assert b"".join(chunk.content for chunk in reader) == LARGE
        for key in stored[1:]:
            store.delete(key)
        assert [info.key for info in store.list().objects] == stored[:1]
        store.close()
