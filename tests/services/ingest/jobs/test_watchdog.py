"""Runs that nobody ends: taken up again, from where they were."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from dbos import DBOS
from sqlalchemy import text

from services.ingest.jobs import image_job, runner, watchdog
from tests.services.ingest.jobs.calls import ingest_url, ok, picture, until, until_ended
from tests.services.ingest.processes import Processes
from tintype.ingest.v1 import asset_pb2

Serve = Callable[..., Any]


class Derive:
    """Stands in for making derivatives; the first times hang as in a process that died."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, hanging: int) -> None:
        self._real, self._hanging = image_job.derive_stored, hanging
        self.begun, self.go_on = 0, threading.Event()
        monkeypatch.setattr(image_job, "derive_stored", self)

    def __call__(self, *args: Any, **named: Any) -> Any:
        self.begun += 1
        if self.begun <= self._hanging:
            self.go_on.wait(60)
        return self._real(*args, **named)


def statuses(processes: Processes, asset: asset_pb2.Asset) -> list[str]:
    query = text("SELECT status FROM workflow_status WHERE workflow_uuid LIKE :ids")
    with processes.database.connect() as connection:
        return list(connection.execute(query, {"ids": f"{asset.id}.%"}).scalars())


def begin_again(asset: asset_pb2.Asset) -> None:
    """Do what the watchdog does for a process that died."""
    DBOS.resume_workflows([f"{asset.id}.1"], queue_name="jobs")


def test_a_run_that_is_begun_again_goes_on_after_what_was_done(
    processes: Processes, serve: Serve, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    derive, server = Derive(monkeypatch, hanging=1), serve(ok(picture(60)))
    asset = ingest_url(processes.client, server.url, owner, wait=False).asset
    until(lambda: derive.begun, lambda begun: begun == 1)
    begin_again(asset)
    assert until_ended(processes.client, asset).state == asset_pb2.ASSET_STATE_DRAFT
    assert len(server.requests) == 1, "it was not fetched again"
    derive.go_on.set()
    until(lambda: statuses(processes, asset), lambda all_: all_ == ["SUCCESS"])
    assert statuses(processes, asset) == ["SUCCESS"]


def test_a_run_whose_processes_die_after_a_step_is_given_up(
    processes: Processes, serve: Serve, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaths = runner.MAX_EXECUTIONS
    derive, server = Derive(monkeypatch, hanging=deaths), serve(ok(picture(61)))
    asset = ingest_url(processes.client, server.url, owner, wait=False).asset
    for death in range(1, deaths + 1):
        until(lambda: derive.begun, lambda begun, death=death: begun == death)
        begin_again(asset)
    ended = until_ended(processes.client, asset)
    derive.go_on.set()
    assert (ended.state, ended.error.reason) == (asset_pb2.ASSET_STATE_FAILED, "EXECUTOR_CRASHED")
    assert derive.begun == deaths


def test_a_run_in_hand_that_nobody_is_at_work_on_is_taken_up_again(
    processes: Processes, serve: Serve, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "_IDLE_LOOKS", 3)
    monkeypatch.setattr(runner, "DELAYS_S", (3600.0, 3600.0))
    answers = [b"HTTP/1.1 429 Slow\r\nRetry-After: 3000\r\n\r\n", ok(picture(62))]
    server = serve(lambda connection, _: connection.sendall(answers.pop(0)))
    asset = ingest_url(processes.client, server.url, owner, wait=False).asset
    until(lambda: statuses(processes, asset), lambda all_: "DELAYED" in all_)
    # As it is left when the database is away just when the engine writes how a run ended.
    update = text(
        "UPDATE workflow_status SET status = 'PENDING', delay_until_epoch_ms = NULL,"
        " executor_id = :executor WHERE workflow_uuid = :id"
    )
    with processes.database.begin() as connection:
        connection.execute(update, {"executor": DBOS.executor_id, "id": f"{asset.id}.2"})
    assert until_ended(processes.client, asset).state == asset_pb2.ASSET_STATE_DRAFT
