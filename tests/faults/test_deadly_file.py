"""A file that kills whatever process touches it (`make faults`)."""

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.services.ingest.jobs.calls import ingest_url, ok, picture, until_ended
from tests.services.ingest.jobs.pair import two_ingests
from tests.services.ingest.processes import imaging_pool
from tests.services.ingest.webserver import serve
from tintype.ingest.v1 import asset_pb2

__all__ = ["serve"]  # a fixture


@pytest.mark.faults
@pytest.mark.skipif("TINTYPE_FAULT_KILLS" not in os.environ, reason="takes minutes: make faults")
@pytest.mark.timeout(600)
def test_a_file_that_kills_its_process_three_times_is_set_aside_and_the_queue_moves_on(
    tmp_path: Path, serve: Callable[..., Any]
) -> None:
    owner = "deadly"
    with imaging_pool() as pool, two_ingests(tmp_path, pool, "") as (_, first, second):
        second.kill()

        def kill_who_asks(_connection: socket.socket, _request: bytes) -> None:
            first.process.kill()

        deadly = serve(kill_who_asks)
        asset = ingest_url(first.client, deadly.url, owner, wait=False).asset
        for _ in range(3):
            first.process.wait(60)
            first.kill()
            first.start()
        ended = until_ended(first.client, asset, 60)
        assert ended.state == asset_pb2.ASSET_STATE_FAILED
        assert ended.error.reason == "EXECUTOR_CRASHED"
        assert len(deadly.requests) == 3
        other = ingest_url(first.client, serve(ok(picture(60))).url, owner).asset
        assert other.state == asset_pb2.ASSET_STATE_DRAFT
