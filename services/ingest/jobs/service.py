"""The jobs of one ingest process: everything that works beside its server."""

from pathlib import Path

from sqlalchemy import Engine

from services.ingest.catalog.jobs import JobRecords
from services.ingest.dependencies import Dependencies
from services.ingest.documents.reader import DocumentReader
from services.ingest.fetch.fetcher import Fetcher
from services.ingest.jobs.accept import JobDesk
from services.ingest.jobs.document_job import DocumentJob
from services.ingest.jobs.engine import JobEngine, new_executor_id
from services.ingest.jobs.image_job import ImageJob
from services.ingest.jobs.lease import FileLeases, Leases, PostgresLeases
from services.ingest.jobs.runner import JobRunner
from services.ingest.jobs.watchdog import Watchdog


class JobService:
    """Wires the jobs together; nothing runs until `start`.

    Attributes:
        desk: takes in work.
    """

    def __init__(
        self,
        database: Engine,
        needs: Dependencies,
        fetcher: Fetcher,
        data_dir: Path,
        concurrency: int,
    ) -> None:
        executor_id = new_executor_id()
        records = JobRecords(database)
        self._engine = JobEngine(database, executor_id, concurrency)
        self._reader = DocumentReader()
        self._leases: Leases = (
            PostgresLeases(database, executor_id)
            if database.dialect.name == "postgresql"
            else FileLeases(data_dir / "executors", executor_id)
        )
        self._watchdog = Watchdog(self._engine, records, self._leases)
        runner = JobRunner(needs.catalog, records, self._engine)
        self._works = {
            "image": ImageJob(needs, fetcher, runner).run,
            "document": DocumentJob(needs, self._reader, runner).run,
        }
        self.desk = JobDesk(needs, self._engine, fetcher)

    def start(self) -> None:
        """Take up jobs, those of dead processes included."""
        # Before anything is taken up, or others would take it for a dead process's.
        self._leases.hold()
        self._engine.start(self._works)
        self._watchdog.start()

    def stop(self) -> None:
        """Take up no more; what does not end in a few seconds is taken over by others."""
        self._watchdog.stop()
        self._engine.stop()
        self._leases.close()
        self._reader.close()
