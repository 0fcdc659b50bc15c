"""The job of a document: read its pages, draw the first, commit. It may run twice."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from services.ingest.catalog.jobs import UNFINISHED, Job, drop_job
from services.ingest.catalog.pages import write_pages
from services.ingest.catalog.tables import AssetRow, RenditionRow
from services.ingest.dependencies import Dependencies
from services.ingest.documents.content import DocumentContent
from services.ingest.documents.formats import DocumentFormat
from services.ingest.documents.reader import DocumentReader
from services.ingest.errors import AssetNotFound
from services.ingest.jobs.engine import step
from services.ingest.jobs.failures import patiently
from services.ingest.jobs.runner import JobRunner
from services.ingest.layout import Layout
from services.ingest.new_asset import rendition_row

_CALL_TIMEOUT_S = 60.0


@dataclass(frozen=True)
class DocumentJob:
    """Reads a document that lies in the store."""

    needs: Dependencies
    reader: DocumentReader
    runner: JobRunner

    def run(self, asset_id: str, run: int) -> str:
        """Do one run; returns the asset's id."""
        return self.runner.run(asset_id, run, self._work)

    def _work(self, job: Job) -> str:
        # One step: what was read may be many megabytes, which are written once, as pages.
        asset_id: str = step("read", self._read, job)
        return asset_id

    def _read(self, job: Job) -> str:
        return patiently(lambda: self._read_once(job))

    def _read_once(self, job: Job) -> str:
        with self._local_copy(job.original_key) as path:
            content = self.reader.read(path, DocumentFormat(job.format))
        preview = self._store_preview(job, content)

        def apply(row: AssetRow) -> None:
            if row.state not in UNFINISHED:
                return
            row.state = "ready"
            row.page_count = content.page_count
            row.warnings = content.warnings
            original = [one for one in row.renditions if one.name == "original"]
            row.renditions = [*original, preview] if preview else original

        def also(session: Session) -> None:
            write_pages(session, job.asset_id, content.pages)
            drop_job(session, job.asset_id)

        try:
            self.needs.catalog.change(job.owner, job.asset_id, apply, also)
        except AssetNotFound:
            if preview is not None:
                self.needs.catalog.add_garbage([preview.storage_key])
            return ""
        return job.asset_id

    @contextmanager
    def _local_copy(self, key: str) -> Iterator[Path]:
        """Keep an object in a file for a while: readers of documents jump about in it."""
        with (
            tempfile.NamedTemporaryFile(prefix="tintype-") as file,
            self.needs.storage.get(key, timeout_s=_CALL_TIMEOUT_S) as original,
        ):
            for chunk in original:
                file.write(chunk)
            file.flush()
            yield Path(file.name)

    def _store_preview(self, job: Job, content: DocumentContent) -> RenditionRow | None:
        """Put the picture of page 1, if there is one."""
        if not content.preview:
            return None
        info = self.needs.storage.put(
            Layout.of_original(job.original_key).derivative_key("preview", "jpg"),
            [content.preview],
            content_type="image/jpeg",
            timeout_s=_CALL_TIMEOUT_S,
        )
        row = rendition_row("preview", info, content.preview_size_px)
        row.position = 1
        return row
