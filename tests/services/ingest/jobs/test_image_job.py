"""Images from URLs, through real services and a real web server."""

import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import text

from services.ingest.catalog.tables import JobRow
from services.ingest.ids import new_id
from services.ingest.jobs import runner
from services.ingest.new_asset import accepted_row
from tests.services.ingest.jobs.calls import ingest_url, ok, picture, until, until_ended
from tests.services.ingest.processes import Processes
from tintype import errors
from tintype.ingest.v1 import asset_pb2, ingest_pb2

Serve = Callable[..., Any]
FAILED = asset_pb2.ASSET_STATE_FAILED


def keys_of(processes: Processes, asset: asset_pb2.Asset) -> list[str]:
    """Return the keys of all objects that carry an asset's id."""
    keys = processes.keys()
    return [key for key in keys if asset.id in key]


def failures(processes: Processes, owner: str) -> list[str]:
    """Return the ids that ListFailures lists."""
    return [asset.id for asset in processes.client.list_failures(owner)]


def retry(processes: Processes, asset: asset_pb2.Asset) -> asset_pb2.Asset:
    """Call RetryAsset."""
    return processes.client.retry_asset(asset.id, asset.owner)


def test_an_image_at_a_url_becomes_a_whole_asset(
    processes: Processes, serve: Serve, owner: str
) -> None:
    content = picture(1)
    server = serve(ok(content))
    answer = ingest_url(processes.client, server.url + "My%20Picture.png?x=1", owner)
    asset = answer.asset
    assert not answer.existed
    assert asset.state == asset_pb2.ASSET_STATE_DRAFT
    assert (asset.width_px, asset.height_px, asset.format) == (320, 200, "png")
    assert asset.file_name == "My Picture.png"
    assert asset.source_url.endswith("/My%20Picture.png?x=1")
    assert asset.sha256 == sha256(content).digest()
    assert [one.name for one in asset.renditions] == [
        "original",
        "preview",
        "small",
        "medium",
        "large",
    ]
    assert len(asset.colors) == 5
    assert processes.needs.storage.get(asset.renditions[0].storage_key).read() == content
    assert sorted(keys_of(processes, asset)) == sorted(one.storage_key for one in asset.renditions)


def test_without_waiting_the_answer_is_the_asset_in_processing(
    processes: Processes, serve: Serve, owner: str
) -> None:
    go = threading.Event()

    def answer(connection: socket.socket, _request: bytes) -> None:
        go.wait(10)
        connection.sendall(ok(picture(2)))

    server = serve(answer)
    accepted = ingest_url(
        processes.client, server.url, owner, wait=False, source=asset_pb2.ASSET_SOURCE_DISCORD
    ).asset
    assert accepted.state == asset_pb2.ASSET_STATE_PROCESSING
    assert list(accepted.renditions) == []
    go.set()
    assert until_ended(processes.client, accepted).state == asset_pb2.ASSET_STATE_QUEUED


def test_waiting_ends_with_the_callers_deadline(
    processes: Processes, serve: Serve, owner: str
) -> None:
    server = serve(lambda *_: time.sleep(3))
    request = ingest_pb2.IngestUrlRequest(
        url=server.url.replace("web.test", "127.0.0.1"),
        options=ingest_pb2.IngestOptions(owner=owner),
        wait=True,
    )
    asset = processes.client.stub.IngestUrl(request, timeout=1.5).asset
    assert asset.state == asset_pb2.ASSET_STATE_PROCESSING


def test_what_waiting_cannot_cure_fails_at_once_and_is_listed_and_can_be_tried_again(
    processes: Processes, serve: Serve, owner: str
) -> None:
    answers = [b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", ok(picture(3))]
    server = serve(lambda connection, _: connection.sendall(answers.pop(0)))
    asset = ingest_url(processes.client, server.url, owner).asset
    assert asset.state == FAILED
    assert (asset.error.reason, asset.error.retryable) == ("NOT_FETCHABLE", False)
    assert "answered 404" in asset.error.message
    assert len(server.requests) == 1
    assert failures(processes, owner) == [asset.id]
    assert retry(processes, asset).state == asset_pb2.ASSET_STATE_PROCESSING
    assert until_ended(processes.client, asset).state == asset_pb2.ASSET_STATE_DRAFT
    assert failures(processes, owner) == []


def test_only_a_failed_asset_can_be_tried_again(
    processes: Processes, serve: Serve, owner: str
) -> None:
    asset = ingest_url(processes.client, serve(ok(picture(4))).url, owner).asset
    with pytest.raises(errors.FailedPrecondition) as caught:
        retry(processes, asset)
    assert caught.value.reason == "WRONG_STATE"


def test_what_waiting_cures_is_tried_again_within_the_run(
    processes: Processes, serve: Serve, owner: str
) -> None:
    answers = [
        b"HTTP/1.1 503 Busy\r\nRetry-After: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\nbroken off",
        ok(picture(5)),
    ]
    server = serve(lambda connection, _: connection.sendall(answers.pop(0)))
    asset = ingest_url(processes.client, server.url, owner).asset
    assert asset.state == asset_pb2.ASSET_STATE_DRAFT
    assert len(server.requests) == 3


def test_who_asks_to_wait_long_is_left_alone_so_long_and_blocks_nobody(
    processes: Processes, serve: Serve, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "DELAYS_S", (0.1, 0.1))
    busy = b"HTTP/1.1 429 Slow\r\nRetry-After: 9\r\n\r\n"
    answers = [busy, ok(picture(6))]
    slow = serve(lambda connection, _: connection.sendall(answers.pop(0)))
    waiting = [
        ingest_url(processes.client, slow.url, owner, wait=False).asset,
        *(ingest_url(processes.client, serve(busy).url, owner, wait=False).asset for _ in range(4)),
    ]
    until(lambda: slow.requests, bool)
    # As many as are done at one time wait, and yet the next is done at once.
    began = time.monotonic()
    other = ingest_url(processes.client, serve(ok(picture(7))).url, owner).asset
    assert other.state == asset_pb2.ASSET_STATE_DRAFT
    assert time.monotonic() - began < 8
    assert until_ended(processes.client, waiting[0]).state == asset_pb2.ASSET_STATE_DRAFT
    assert time.monotonic() - began > 5


def test_what_does_not_get_better_is_given_up_in_the_end(
    processes: Processes, serve: Serve, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "DELAYS_S", (0.1,))
    monkeypatch.setattr("services.ingest.jobs.failures._ATTEMPTS", 1)
    server = serve(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n")
    asset = ingest_url(processes.client, server.url, owner).asset
    assert asset.state == FAILED
    assert (asset.error.reason, asset.error.retryable) == ("FETCH_FAILED", True)
    assert asset.error.attempts == 2
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.7 not a picture at all, as anybody can see from here", "UNSUPPORTED_FORMAT"),
        (picture(8)[:200], "DAMAGED_IMAGE"),
    ],
)
def test_what_is_no_image_fails_and_leaves_nothing_in_the_store(
    processes: Processes, serve: Serve, owner: str, content: bytes, reason: str
) -> None:
    asset = ingest_url(processes.client, serve(ok(content)).url, owner).asset
    assert asset.state == FAILED
    assert (asset.error.reason, asset.error.retryable) == (reason, False)
    assert list(asset.renditions) == []
    processes.collect()
    assert keys_of(processes, asset) == []


def test_an_address_that_is_not_public_is_refused_without_a_trace(
    processes: Processes, owner: str
) -> None:
    for url in ("http://10.0.0.1/a", "http://[::1]/", "file:///etc/passwd", "http://u:p@web.de/"):
        with pytest.raises(errors.TintypeError) as caught:
            ingest_url(processes.client, url, owner)
        refused = caught.value
        assert (refused.reason, type(refused)) == ("URL_REFUSED", errors.InvalidArgument)
    assert list(processes.client.list_assets(owner)) == []


def test_a_redirect_to_an_inner_address_fails_with_its_reason(
    processes: Processes, serve: Serve, owner: str
) -> None:
    server = serve(b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\n\r\n")
    asset = ingest_url(processes.client, server.url, owner).asset
    assert (asset.state, asset.error.reason) == (FAILED, "URL_REFUSED")


def test_twenty_callers_with_one_external_id_get_one_asset(
    processes: Processes, serve: Serve, owner: str
) -> None:
    server = serve(ok(picture(9)))

    def call(_: int) -> ingest_pb2.IngestUrlResponse:
        return ingest_url(processes.client, server.url, owner, external_id="e1")

    with ThreadPoolExecutor(20) as callers:
        answers = list(callers.map(call, range(20)))
    assert len({answer.asset.id for answer in answers}) == 1
    assert [answer.existed for answer in answers].count(False) == 1
    asset = answers[0].asset
    assert {answer.asset.state for answer in answers} == {asset_pb2.ASSET_STATE_DRAFT}
    assert len(server.requests) == 1
    assert len(keys_of(processes, asset)) == 5


def test_with_dedupe_the_same_bytes_are_the_same_asset(
    processes: Processes, serve: Serve, owner: str
) -> None:
    server = serve(ok(picture(10)))
    first = ingest_url(processes.client, server.url + "a", owner).asset
    answer = ingest_url(processes.client, server.url + "b", owner, dedupe=True)
    assert (answer.asset.id, answer.existed) == (first.id, True)
    assert [asset.id for asset in processes.client.list_assets(owner)] == [first.id]
    other = ingest_url(processes.client, server.url + "c", owner)
    assert (other.asset.id == first.id, other.existed) == (False, False)
    processes.collect()
    named = {one.storage_key for asset in (first, other.asset) for one in asset.renditions}
    assert {*keys_of(processes, first), *keys_of(processes, other.asset)} == named


def test_the_id_that_was_answered_leads_to_the_asset_that_it_made_way_for(
    processes: Processes, serve: Serve, owner: str
) -> None:
    server = serve(ok(picture(12)))
    first = ingest_url(processes.client, server.url + "a", owner).asset
    options = {"dedupe": True, "external_id": "second", "wait": False}
    accepted = ingest_url(processes.client, server.url + "b", owner, **options).asset
    assert accepted.id != first.id
    until(
        lambda: processes.client.get_asset(accepted.id, owner).id, lambda found: found == first.id
    )
    by_external_id = processes.client.stub.GetAsset(
        ingest_pb2.GetAssetRequest(owner=owner, external_id="second")
    )
    assert by_external_id.asset == first
    again = ingest_url(processes.client, server.url + "b", owner, **options)
    assert (again.asset.id, again.existed) == (first.id, True)
    processes.client.delete_asset(first.id, owner)
    with pytest.raises(errors.NotFound):
        processes.client.get_asset(accepted.id, owner)


def test_those_who_wait_are_few_and_make_room_when_they_go(
    processes: Processes, serve: Serve, owner: str
) -> None:
    go = threading.Event()

    def answer(connection: socket.socket, _request: bytes) -> None:
        go.wait(20)
        connection.sendall(ok(picture(13)))

    server = serve(answer)
    request = ingest_pb2.IngestUrlRequest(
        url=server.url.replace("web.test", "127.0.0.1"),
        options=ingest_pb2.IngestOptions(owner=owner, external_id="slow"),
        wait=True,
    )
    calls = [processes.client.stub.IngestUrl.future(request, timeout=20) for _ in range(32)]
    until(lambda: refusal(processes, request), lambda reason: reason == "OVERLOADED")
    for call in calls:
        call.cancel()
    until(lambda: refusal(processes, request), lambda reason: not reason)
    go.set()


def refusal(processes: Processes, request: ingest_pb2.IngestUrlRequest) -> str:
    """Call for a moment; return why it was not accepted, empty if it was."""
    try:
        with errors.client_errors():
            processes.client.stub.IngestUrl(request, timeout=1)
    except errors.TintypeError as error:
        return error.reason
    return ""


def test_a_retry_with_nothing_left_to_work_from_is_refused(
    processes: Processes, owner: str
) -> None:
    row = accepted_row(new_id(), owner, "image", ingest_pb2.IngestOptions())
    row.state, row.sha256 = "failed", b"x" * 32
    asset = processes.needs.catalog.insert(
        row,
        lambda session: session.add(
            JobRow(asset_id=row.id, work="image", update_time=datetime.now(UTC))
        ),
    )
    with pytest.raises(errors.FailedPrecondition) as caught:
        processes.client.retry_asset(asset.id, owner)
    assert caught.value.reason == "NOT_RETRYABLE"
    assert processes.client.get_asset(asset.id, owner) == asset


def test_an_asset_deleted_while_it_is_fetched_leaves_nothing(
    processes: Processes, serve: Serve, owner: str
) -> None:
    go = threading.Event()

    def answer(connection: socket.socket, _request: bytes) -> None:
        go.wait(10)
        connection.sendall(ok(picture(11)))

    server = serve(answer)
    asset = ingest_url(processes.client, server.url, owner, wait=False).asset
    until(lambda: server.requests, bool)
    processes.client.delete_asset(asset.id, owner)
    go.set()
    until(lambda: processes.in_flight(asset.id), lambda ids: not ids)
    processes.collect()
    assert keys_of(processes, asset) == []
    with pytest.raises(errors.NotFound):
        processes.client.get_asset(asset.id, owner)


def test_a_job_begun_three_times_without_end_is_set_aside(
    processes: Processes, serve: Serve, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if the process had died in each of the three executions before.
    begun = runner.JobRunner.run

    def run_late(self: Any, asset_id: str, run: int, work: Any) -> str:
        with processes.database.begin() as connection:
            connection.execute(
                text("UPDATE jobs SET executions = 3 WHERE asset_id = :id"), {"id": asset_id}
            )
        return begun(self, asset_id, run, work)

    with monkeypatch.context() as patch:
        patch.setattr(runner.JobRunner, "run", run_late)
        asset = ingest_url(processes.client, serve(ok(picture(12))).url, owner).asset
    assert asset.state == FAILED
    assert (asset.error.reason, asset.error.retryable) == ("EXECUTOR_CRASHED", True)
    assert "3 times" in asset.error.message
    retry(processes, asset)
    assert until_ended(processes.client, asset).state == asset_pb2.ASSET_STATE_DRAFT
