"""What the catalog remembers of jobs: enough to do each again from its beginning."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from services.ingest.catalog.catalog import InTransaction
from services.ingest.catalog.tables import AssetRow, JobRow

# States of an asset that a job is at work on.
UNFINISHED = ("processing", "pending")


@dataclass(frozen=True)
class Job:
    """One run of one asset's job, as it is begun.

    Attributes:
        original_key: where the original is stored already; empty when it is not.
        executions: how often this run was begun, this time included.
    """

    asset_id: str
    owner: str
    url: str
    file_name: str
    format: str
    dedupe: bool
    tolerate_truncated: bool
    run: int
    attempts: int
    executions: int
    original_key: str
    create_time: datetime


class JobRecords:
    """Reads and changes jobs, each in a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._read_engine = engine
        self._write_engine = engine.execution_options(writes=True)

    def begin(self, asset_id: str, run: int) -> Job | None:
        """Count that a run begins; None if there is nothing to do for it any more."""
        with Session(self._write_engine) as session, session.begin():
            row = _current(session, asset_id, run)
            asset = session.get(AssetRow, asset_id)
            if row is None or asset is None or asset.state not in UNFINISHED:
                return None
            row.executions += 1
            row.update_time = datetime.now(UTC)
            return _job(row, asset)

    def restart(self, asset_id: str, run: int, attempts: int, also: InTransaction) -> None:
        """Replace a run by the next one; nothing happens if that was done already.

        Args:
            asset_id: whose job.
            run: the run that is over.
            attempts: how many failed so far.
            also: called in the same transaction, to enqueue the new run.
        """
        with Session(self._write_engine) as session, session.begin():
            row = _current(session, asset_id, run)
            if row is not None:
                _renew(row, attempts)
                session.flush()
                also(session)

    def waiting_since(self, age: timedelta, limit: int = 1000) -> Sequence[JobRow]:
        """Return jobs of unfinished assets that were neither enqueued nor begun for so long."""
        query = (
            select(JobRow)
            .join(AssetRow, AssetRow.id == JobRow.asset_id)
            .where(JobRow.update_time < datetime.now(UTC) - age, AssetRow.state.in_(UNFINISHED))
            .order_by(JobRow.update_time, JobRow.asset_id)
            .limit(limit)
        )
        with Session(self._read_engine) as session:
            return session.scalars(query).all()


def renew_job(session: Session, asset_id: str) -> JobRow | None:
    """Make an asset's job ready to be enqueued as if it were new; None if it has none."""
    row = session.get(JobRow, asset_id)
    if row is not None:
        _renew(row, attempts=0)
        session.flush()
    return row


def add_later_job(session: Session, asset_id: str, work: str) -> JobRow:
    """Add a job to an asset that was whole; earlier runs of it are long forgotten here."""
    now = datetime.now(UTC)
    # Microseconds: no run of an earlier job of this asset can have so large a number.
    run = int(now.timestamp() * 1_000_000)
    row = JobRow(asset_id=asset_id, work=work, run=run, update_time=now)
    session.add(row)
    session.flush()
    return row


def drop_job(session: Session, asset_id: str) -> None:
    """Forget an asset's job: the asset is whole."""
    row = session.get(JobRow, asset_id)
    if row is not None:
        session.delete(row)


def _renew(row: JobRow, attempts: int) -> None:
    row.run += 1
    row.attempts = attempts
    row.executions = 0
    row.update_time = datetime.now(UTC)


def _current(session: Session, asset_id: str, run: int) -> JobRow | None:
    """Return the job, locked, if `run` is its newest run."""
    query = select(JobRow).filter_by(asset_id=asset_id, run=run).with_for_update()
    return session.scalars(query).first()


def _job(row: JobRow, asset: AssetRow) -> Job:
    original = next((one for one in asset.renditions if one.name == "original"), None)
    return Job(
        asset_id=asset.id,
        owner=asset.owner,
        url=row.url,
        file_name=asset.file_name,
        format=asset.format,
        dedupe=row.dedupe,
        tolerate_truncated=row.tolerate_truncated,
        run=row.run,
        attempts=row.attempts,
        executions=row.executions,
        original_key=original.storage_key if original else "",
        create_time=asset.create_time,
    )
