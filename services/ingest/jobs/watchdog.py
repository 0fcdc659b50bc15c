"""Seeing to it that every accepted job ends, whichever process dies."""

import threading
from datetime import timedelta

import structlog
from dbos import error as dbos_error
from sqlalchemy.exc import SQLAlchemyError

from services.ingest.catalog.jobs import JobRecords
from services.ingest.catalog.tables import JobRow
from services.ingest.jobs.engine import JobEngine, workflow_id
from services.ingest.jobs.lease import Leases

_INTERVAL_S = 1.0
# An executor is taken for dead after so many looks in a row: it may be about to take its
# lease again, on a new session.
_LOOKS = 2
# So many looks in a row at which this process had a run in hand and was not at work on it:
# its engine may be about to begin it, or to write down how it ended.
_IDLE_LOOKS = 10
# Rounds between two looks for jobs that nobody has in hand.
_ROUNDS = 30
_FORGOTTEN = timedelta(seconds=60)
_log = structlog.get_logger(__name__)


class Watchdog:
    """A thread that keeps this process's lease and takes over from those who lost theirs."""

    def __init__(self, engine: JobEngine, records: JobRecords, leases: Leases) -> None:
        self._engine = engine
        self._records = records
        self._leases = leases
        self._looks: dict[str, int] = {}
        self._idle_looks: dict[str, int] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """End; the lease is kept."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        rounds = 0
        while True:
            try:
                self._leases.hold()
                self._take_over()
                if rounds % _ROUNDS == 0:
                    self._enqueue_forgotten()
                    self._engine.forget_old()
                rounds += 1
            except (SQLAlchemyError, dbos_error.DBOSException, OSError) as error:
                _log.warning("jobs are not watched", error=str(error))
            if self._stop.wait(_INTERVAL_S):
                return

    def _take_over(self) -> None:
        """Put what dead executors had in hand back into the queue."""
        others = self._engine.in_flight()
        self._resume_dropped(others.pop(self._engine.executor_id, []))
        self._looks = {executor: self._looks.get(executor, 0) for executor in others}
        for executor in others:
            with self._leases.claim(executor) as dead:
                self._looks[executor] = self._looks[executor] + 1 if dead else 0
                if self._looks[executor] >= _LOOKS:
                    # Asked again under the claim: another may have taken them over and be
                    # at work on them.
                    workflow_ids = self._engine.in_flight().get(executor, [])
                    self._engine.resume(workflow_ids)
                    _log.warning("jobs taken over", executor=executor, count=len(workflow_ids))

    def _resume_dropped(self, own: list[str]) -> None:
        """Put back what this process has in hand and is not at work on.

        That happens when the engine could not write down how a run ended, as when the
        database is away at that moment.
        """
        dropped = set(own) - self._engine.running()
        self._idle_looks = {one: self._idle_looks.get(one, 0) + 1 for one in dropped}
        lost = [one for one, looks in self._idle_looks.items() if looks >= _IDLE_LOOKS]
        if lost:
            self._engine.resume(lost)
            _log.warning("runs without an end taken up again", count=len(lost))

    def _enqueue_forgotten(self) -> None:
        """Enqueue anew what is unfinished and in nobody's hands.

        That happens when a run ended in an error that it could not settle, as when the
        database was away for longer than a run is patient.
        """
        waiting = self._records.waiting_since(_FORGOTTEN)
        alive = self._engine.alive([workflow_id(job.asset_id, job.run) for job in waiting])
        for job in waiting:
            if workflow_id(job.asset_id, job.run) not in alive:
                self._restart(job)

    def _restart(self, job: JobRow) -> None:
        asset_id = job.asset_id
        _log.warning("job enqueued anew", asset=asset_id)
        self._records.restart(
            asset_id,
            job.run,
            job.attempts,
            lambda session: self._engine.enqueue(session, session.get_one(JobRow, asset_id)),
        )
