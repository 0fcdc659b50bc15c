"""The durable engine: DBOS, set up so that nothing depends on its defaults."""

import secrets
import socket
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from dbos import DBOS, DBOSClient, DBOSConfig
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from services.ingest.catalog.tables import JobRow

_NAME = "tintype-ingest"
_QUEUE = "jobs"
# Counted up only when a workflow's steps are no longer those of the runs that may be
# under way. The default, a digest of the source, would strand them with every release.
_VERSION = "1"
_POLLING_S = 0.1
_STOP_S = 10
# What has ended is of interest to nobody but a debugger.
_KEEP = timedelta(days=1)
_DELETED_AT_ONCE = 500

# Does one run of an asset's job; returns the id of the asset that came of it.
Work = Callable[[str, int], str]


def new_executor_id() -> str:
    """Return a name for this process that no other ever had or will have."""
    return f"{socket.gethostname()}-{secrets.token_hex(8)}"


class JobEngine:
    """Runs jobs of this process and enqueues jobs for any. One per process: DBOS is global.

    Args:
        database: the catalog's, which the jobs lie in too, so that an asset and its job
            are one transaction.
        executor_id: this process, from `new_executor_id`.
        concurrency: runs at one time in this process.
    """

    def __init__(self, database: Engine, executor_id: str, concurrency: int) -> None:
        self.executor_id = executor_id
        self._concurrency = concurrency
        self._database = database
        self._client: DBOSClient | None = None
        self._running: set[str] = set()

    def start(self, works: Mapping[str, Work]) -> None:
        """Take up jobs, each kind by its work."""
        DBOS(config=self._config())
        for name, work in works.items():
            _register(name, self._noted(work))
        DBOS.launch()
        DBOS.register_queue(
            _QUEUE,
            worker_concurrency=self._concurrency,
            polling_interval_sec=_POLLING_S,
            on_conflict="always_update",
        )
        self._client = DBOSClient(
            system_database_engine=self._database, application_name=_NAME, lazy=True
        )

    def enqueue(self, session: Session, job: JobRow, delay_s: float = 0.0) -> None:
        """Enqueue a job's newest run in the caller's transaction."""
        assert self._client is not None, "started"  # noqa: S101  # a defect of ours
        options: Any = {
            "workflow_name": job.work,
            "queue_name": _QUEUE,
            "workflow_id": workflow_id(job.asset_id, job.run),
            "app_version": _VERSION,
        }
        if delay_s > 0:
            options["delay_seconds"] = delay_s
        self._client.enqueue_in_transaction(session, options, job.asset_id, job.run)

    def in_flight(self) -> dict[str, list[str]]:
        """Return the ids of all workflows that are being run, by executor."""
        found: dict[str, list[str]] = {}
        for status in DBOS.list_workflows(status="PENDING", load_input=False, load_output=False):
            found.setdefault(status.executor_id or "", []).append(status.workflow_id)
        return found

    def running(self) -> set[str]:
        """Return the ids of the workflows that this process is at work on."""
        return set(self._running)

    def resume(self, workflow_ids: list[str]) -> None:
        """Put workflows that are in flight and that nobody is at work on back into the queue."""
        DBOS.resume_workflows(workflow_ids, queue_name=_QUEUE)

    def alive(self, workflow_ids: Sequence[str]) -> set[str]:
        """Return those of the workflows that wait or are being run."""
        found = DBOS.list_workflows(
            workflow_ids=list(workflow_ids),
            status=["PENDING", "ENQUEUED", "DELAYED"],
            load_input=False,
            load_output=False,
        )
        return {status.workflow_id for status in found}

    def forget_old(self) -> None:
        """Delete the records of workflows that ended long ago."""
        ended = DBOS.list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED"],
            completed_before=(datetime.now(UTC) - _KEEP).isoformat(),
            limit=_DELETED_AT_ONCE,
            load_input=False,
            load_output=False,
        )
        if ended:
            DBOS.delete_workflows([status.workflow_id for status in ended])

    def stop(self) -> None:
        """Take up no more jobs; give those under way a few seconds to end."""
        DBOS.destroy(workflow_completion_timeout_sec=_STOP_S, destroy_registry=True)
        if self._client is not None:
            self._client.destroy()

    def _noted(self, work: Work) -> Work:
        """Let a work be seen by `running`."""

        def noted(asset_id: str, run: int) -> str:
            name = workflow_id(asset_id, run)
            self._running.add(name)
            try:
                return work(asset_id, run)
            finally:
                self._running.discard(name)

        return noted

    def _config(self) -> DBOSConfig:
        return {
            "name": _NAME,
            "application_version": _VERSION,
            "executor_id": self.executor_id,
            # A second engine: DBOS begins its own transactions on SQLite, and on both
            # waits with connections in its hands that the catalog would miss.
            "system_database_url": self._database.url.render_as_string(hide_password=False),
            "enable_otlp": False,
            "log_level": "WARNING",
        }


def workflow_id(asset_id: str, run: int) -> str:
    """Return the name of one run; the same one is never run by two at a time."""
    return f"{asset_id}.{run}"


def _register(name: str, work: Work) -> None:
    """Make a work known under its name, which lies in the database: do not rename it."""

    @DBOS.workflow(name=name, max_recovery_attempts=None)
    def workflow(asset_id: str, run: int) -> str:
        return work(asset_id, run)


def step(name: str, call: Callable[..., Any], *arguments: Any) -> Any:
    """Do a part of a run and keep its result; it is done again only if that was lost."""
    return DBOS.run_step({"name": name}, call, *arguments)
