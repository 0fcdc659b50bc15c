"""Two real ingest processes on one database, and one of them is killed."""

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from services.imaging.pool import WorkerPool
from tests.services.ingest.jobs.calls import ingest_url, ok, picture, until, until_ended
from tests.services.ingest.jobs.pair import Ingest, two_ingests
from tests.services.ingest.processes import Processes
from tintype.ingest.v1 import asset_pb2, ingest_pb2

Serve = Callable[..., Any]


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

    def call(number: int) -> asset_pb2.Asset:
        client = pair[number % 2].client
        if number % 4 < 2:
            url = server.url.replace("web.test", "127.0.0.1")
            return client.ingest_url(url, options, wait=True, timeout_s=60).asset
        return client.ingest([content], options, timeout_s=60).asset

    with ThreadPoolExecutor(20) as callers:
        asset, *others_answers = callers.map(call, range(20))
    assert others_answers == [asset] * 19
    assert asset.state == asset_pb2.ASSET_STATE_DRAFT
    assert [one for each in pair for one in each.client.list_assets(owner)] == [asset, asset]

    def stored() -> set[str]:
        processes.collect()
        infos = processes.needs.storage.list("media-uploads/")
        return {info.key for info in infos} - others

    until(stored, lambda keys: len(keys) == len(asset.renditions))
    assert stored() == {one.storage_key for one in asset.renditions}
