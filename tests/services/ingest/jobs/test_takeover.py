"""Two real ingest processes on one database, and one of them is killed."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from services.imaging.pool import WorkerPool
from services.local.ready import serves
from tests.services.ingest.jobs.calls import ingest_url, ok, picture, until, until_ended
from tests.services.ingest.processes import Processes, start
from tintype.ingest.client import IngestClient
from tintype.ingest.v1 import asset_pb2, ingest_pb2

Serve = Callable[..., Any]


class Ingest:
    """One `python -m services.ingest`."""

    def __init__(self, folder: Path, processes: Processes, database_url: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self.folder = folder
        self.environment = {
            **os.environ,
            "TINTYPE_INGEST_LISTEN": self.address,
            "TINTYPE_STORAGE_ADDRESS": processes.storage.address,
            "TINTYPE_IMAGING_ADDRESS": processes.imaging.address,
            "TINTYPE_DATA_DIR": str(folder),
            "TINTYPE_DATABASE_URL": database_url,
            "TINTYPE_FETCH_ALLOW": "127.0.0.1",
        }
        self.start()

    def start(self) -> None:
        """Start, and wait until it serves."""
        # A new one: an old one waits before it tries an address again that was dead.
        self.client = IngestClient(self.address)
        with (self.folder / "ingest.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "services.ingest"],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if not until(lambda: serves("ingest", self.address), bool, 60):
            raise AssertionError((self.folder / "ingest.log").read_text())

    def kill(self) -> None:
        """Kill -9."""
        self.process.kill()
        self.process.wait()
        self.client.close()


@contextmanager
def two_ingests(
    folder: Path, pool: WorkerPool, database_url: str
) -> Iterator[tuple[Processes, Ingest, Ingest]]:
    """Start storage and imaging here, and two ingest processes of their own."""
    with ExitStack() as stack:
        processes = stack.enter_context(start(folder, pool, database_url))
        pair = []
        for _ in range(2):
            pair.append(Ingest(folder, processes, database_url))
            stack.callback(pair[-1].kill)
        yield processes, pair[0], pair[1]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def arrangement(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, pool: WorkerPool
) -> Iterator[tuple[Processes, Ingest, Ingest]]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with two_ingests(tmp_path_factory.mktemp("takeover"), pool, url) as arrangement:
        yield arrangement
        if url:
            with arrangement[0].database.begin() as connection:
                arrangement[1].kill()
                arrangement[2].kill()
                connection.execute(text("DROP SCHEMA public CASCADE"))
                connection.execute(text("DROP SCHEMA dbos CASCADE"))
                connection.execute(text("CREATE SCHEMA public"))


def test_what_a_killed_process_had_in_hand_is_done_by_the_other(
    arrangement: tuple[Processes, Ingest, Ingest], serve: Serve, owner: str
) -> None:
    processes, first, second = arrangement
    go = threading.Event()
    count = 3

    def answer(connection: socket.socket, request: bytes) -> None:
        go.wait(20)
        connection.sendall(ok(picture(int(request.split()[1].lstrip(b"/")))))

    servers = [serve(answer) for _ in range(count)]
    # Both take jobs from the queue; kill the one that has them, whichever it is.
    second.kill()
    assets = [
        ingest_url(first.client, f"{server.url}{number}", owner, wait=False).asset
        for number, server in enumerate(servers)
    ]
    until(lambda: [server.requests for server in servers], all)
    second.start()
    first.kill()
    go.set()
    for asset in assets:
        ended = until_ended(second.client, asset, 40)
        assert ended.state == asset_pb2.ASSET_STATE_DRAFT
        for one in ended.renditions:
            assert processes.needs.storage.head(one.storage_key).size_bytes == one.size_bytes
    first.start()


def test_twenty_callers_at_two_processes_get_one_asset(
    arrangement: tuple[Processes, Ingest, Ingest], serve: Serve, owner: str
) -> None:
    processes, *pair = arrangement
    content, server = picture(50), serve(ok(picture(50)))
    options = ingest_pb2.IngestOptions(owner=owner, external_id="same")
    others = {info.key for info in processes.needs.storage.list("media-uploads/")}

    def call(number: int) -> str:
        client = pair[number % 2].client
        if number % 4 < 2:
            return ingest_url(client, server.url, owner, external_id="same").asset.id
        return client.ingest([content], options, timeout_s=20).asset.id

    with ThreadPoolExecutor(20) as callers:
        ids = set(callers.map(call, range(20)))
    assert len(ids) == 1
    asset = until_ended(pair[0].client, pair[0].client.get_asset(ids.pop(), owner))
    assert asset.state == asset_pb2.ASSET_STATE_DRAFT
    assert [one for each in pair for one in each.client.list_assets(owner)] == [asset, asset]

    def stored() -> set[str]:
        processes.collect()
        infos = processes.needs.storage.list("media-uploads/")
        return {info.key for info in infos} - others

    until(stored, lambda keys: len(keys) == len(asset.renditions))
    assert stored() == {one.storage_key for one in asset.renditions}


def test_a_file_that_kills_its_process_three_times_is_set_aside_and_the_queue_moves_on(
    arrangement: tuple[Processes, Ingest, Ingest], serve: Serve, owner: str
) -> None:
    _, first, second = arrangement
    second.kill()

    def kill_who_asks(_connection: socket.socket, _request: bytes) -> None:
        first.process.kill()

    deadly = serve(kill_who_asks)
    asset = ingest_url(first.client, deadly.url, owner, wait=False).asset
    for _ in range(3):
        first.process.wait(30)
        first.kill()
        first.start()
    ended = until_ended(first.client, asset, 30)
    assert ended.state == asset_pb2.ASSET_STATE_FAILED
    assert ended.error.reason == "EXECUTOR_CRASHED"
    assert len(deadly.requests) == 3
    other = ingest_url(first.client, serve(ok(picture(60))).url, owner).asset
    assert other.state == asset_pb2.ASSET_STATE_DRAFT
    second.start()
