"""What is common to all jobs: begin, try, and settle what came of it."""

from collections.abc import Callable

from services.ingest.catalog.catalog import Catalog
from services.ingest.catalog.jobs import UNFINISHED, Job, JobRecords
from services.ingest.catalog.tables import AssetRow, JobRow
from services.ingest.errors import AssetNotFound
from services.ingest.jobs.engine import JobEngine
from services.ingest.jobs.failures import DAMAGED_FOR_GOOD, Cure, JobFailed, insistently

# Times that a run may be begun: each time but the last, its process has died.
MAX_EXECUTIONS = 3
MAX_TRIES = 3
# How long to wait before the next run; the job is given up after the last.
DELAYS_S = (10.0, 60.0, 300.0, 900.0, 3600.0)


class JobRunner:
    """Runs jobs. Safe to share between threads."""

    def __init__(self, catalog: Catalog, records: JobRecords, engine: JobEngine) -> None:
        self._catalog = catalog
        self._records = records
        self._engine = engine

    def run(self, asset_id: str, run: int, work: Callable[[Job], str]) -> str:
        """Do one run; returns the id of the asset that came of it, empty if none did.

        Not a step of its own, so that every beginning is counted: a file that kills its
        process is set aside after a few, and the queue moves on.
        """
        job = insistently(lambda: self._records.begin(asset_id, run))
        if job is None:
            return ""
        try:
            if job.executions > MAX_EXECUTIONS:
                raise _crashed(job)
            return work(job)
        except JobFailed as failure:
            # No step: which number it has depends on how far the run came. It may be done twice.
            self._settle(job, failure)
            return ""

    def _settle(self, job: Job, failure: JobFailed) -> None:
        """Put the job off, or give it up."""
        attempts = job.attempts + 1
        tries = {Cure.FEW_TRIES: MAX_TRIES, Cure.WAIT: len(DELAYS_S) + 1}
        if attempts >= tries.get(failure.cure, 1):
            insistently(lambda: self._give_up(job, failure, attempts))
            return
        delay_s = max(DELAYS_S[attempts - 1], failure.retry_after_s or 0.0)
        if failure.cure is Cure.FEW_TRIES:
            delay_s = 1.0
        insistently(
            lambda: self._records.restart(
                job.asset_id,
                job.run,
                attempts,
                lambda session: self._engine.enqueue(
                    session, session.get_one(JobRow, job.asset_id), delay_s
                ),
            )
        )

    def _give_up(self, job: Job, failure: JobFailed, attempts: int) -> None:
        """Set the asset aside with its reason."""

        def apply(row: AssetRow) -> None:
            if row.state not in UNFINISHED:
                return
            refused = failure.cure is Cure.NONE and failure.reason != DAMAGED_FOR_GOOD
            if row.kind == "image" and refused:
                row.renditions = []  # what is refused does not stay in the store
            row.state = "failed"
            row.error_reason, row.error_message = failure.reason, failure.message
            row.error_retryable = failure.cure in (Cure.WAIT, Cure.PERSON)
            row.attempts += attempts

        try:
            self._catalog.change(job.owner, job.asset_id, apply)
        except AssetNotFound:
            return  # deleted meanwhile, and its job with it


def _crashed(job: Job) -> JobFailed:
    times = job.executions - 1
    return JobFailed(
        "EXECUTOR_CRASHED",
        f"{times} times the process that worked on it ended in the middle of it",
        Cure.PERSON,
    )
