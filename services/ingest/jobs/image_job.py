"""The job of an image: fetch, store, derive, commit. Every step may run twice."""

from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain

from services.ingest.catalog.jobs import UNFINISHED, Job, drop_job
from services.ingest.catalog.tables import AssetRow, RenditionRow
from services.ingest.dependencies import Dependencies
from services.ingest.derivatives import derive_stored
from services.ingest.errors import AssetNotFound, ContentTaken
from services.ingest.fetch.fetcher import Fetcher
from services.ingest.head import sniff_image
from services.ingest.jobs.engine import step
from services.ingest.jobs.failures import patiently
from services.ingest.jobs.runner import JobRunner
from services.ingest.layout import image_layout
from services.ingest.new_asset import first_state, rendition_row, set_image
from services.ingest.recipe import MAX_IMAGE_BYTES
from tintype.errors import AlreadyExists
from tintype.imaging.v1 import imaging_pb2

_CALL_TIMEOUT_S = 60.0


@dataclass(frozen=True)
class _Derived:
    """What the derive step found and made, as the engine keeps it."""

    facts: bytes
    digest: bytes
    renditions: list[dict[str, str | int]]


@dataclass(frozen=True)
class ImageJob:
    """Makes a whole asset of an image that lies at a URL or in the store."""

    needs: Dependencies
    fetcher: Fetcher
    runner: JobRunner

    def run(self, asset_id: str, run: int) -> str:
        """Do one run; returns the asset's id, or that of the one that it equals."""
        return self.runner.run(asset_id, run, self._work)

    def _work(self, job: Job) -> str:
        key = step("fetch", self._fetch, job)
        derived = step("derive", self._derive, job, key)
        asset_id: str = step("commit", self._commit, job, derived)
        return asset_id

    def _fetch(self, job: Job) -> str:
        """Bring the original into the store if it is not there yet; returns its key.

        A step in any case: a run that is begun again must take the same steps.
        """
        return job.original_key or patiently(lambda: self._fetch_once(job))

    def _fetch_once(self, job: Job) -> str:
        storage = self.needs.storage
        with self.fetcher.fetch(job.url, max_bytes=MAX_IMAGE_BYTES) as fetched:
            image_format, head = sniff_image(fetched.chunks)
            # Another name in every run: the object of an earlier one may be waiting to be
            # deleted.
            name = job.asset_id if job.run == 1 else f"{job.asset_id}-{job.run}"
            key = image_layout(
                self.needs.upload_prefix,
                job.create_time,
                name,
                job.file_name,
                image_format.extension,
            ).original_key()
            try:
                info = storage.put(
                    key,
                    chain(head, fetched.chunks),
                    content_type=image_format.content_type,
                    # Who fetched first may have gone on with those bytes already.
                    create_only=True,
                    # The bytes come no faster than they are fetched.
                    timeout_s=self.fetcher.limits.total_s + _CALL_TIMEOUT_S,
                )
            except AlreadyExists:
                info = storage.head(key, timeout_s=_CALL_TIMEOUT_S)

        def apply(row: AssetRow) -> None:
            if row.state in UNFINISHED and not row.renditions:
                original = rendition_row("original", info, (0, 0))
                original.position = 0
                row.renditions = [original]

        try:
            self.needs.catalog.change(job.owner, job.asset_id, apply)
        except AssetNotFound:
            self.needs.catalog.add_garbage([key])
            raise
        return key

    def _derive(self, job: Job, key: str) -> _Derived:
        return patiently(lambda: self._derive_once(job, key))

    def _derive_once(self, job: Job, key: str) -> _Derived:
        digest = sha256()
        facts, rows = derive_stored(
            self.needs,
            key,
            owner=job.owner,
            tolerate_truncated=job.tolerate_truncated,
            timeout_s=_CALL_TIMEOUT_S,
            on_chunk=digest.update,
        )
        kept = [_columns(row) for row in rows]
        return _Derived(facts.SerializeToString(), digest.digest(), kept)

    def _commit(self, job: Job, derived: _Derived) -> str:
        return patiently(lambda: self._commit_once(job, derived))

    def _commit_once(self, job: Job, derived: _Derived) -> str:
        """Make the asset whole, or make way for the one that it equals."""
        catalog = self.needs.catalog
        keys = [str(one["storage_key"]) for one in derived.renditions]

        def apply(row: AssetRow) -> None:
            if row.state in UNFINISHED:
                facts = imaging_pb2.ImageFacts.FromString(derived.facts)
                rows = [RenditionRow(**one) for one in derived.renditions]
                set_image(row, facts, derived.digest, rows)
                row.state = first_state(row.source)

        try:
            catalog.change(
                job.owner,
                job.asset_id,
                apply,
                lambda session: drop_job(session, job.asset_id),
                dedupe=job.dedupe,
            )
        except ContentTaken as taken:
            with suppress(AssetNotFound):
                catalog.make_way(job.owner, job.asset_id, taken.asset.id)
            catalog.add_garbage(keys)
            return taken.asset.id
        except AssetNotFound:
            catalog.add_garbage(keys)  # deleted while it was worked on
            return ""
        return job.asset_id


def _columns(row: RenditionRow) -> dict[str, str | int]:
    """Return a row's values; a row itself belongs to one session of one process."""
    names = ("name", "storage_key", "content_type", "width_px", "height_px", "size_bytes", "etag")
    return {name: getattr(row, name) for name in names}
