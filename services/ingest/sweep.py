"""Comparing catalog and store: what is there for nothing, and what is missing."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import groupby

import stamina

from services.ingest.catalog.inventory import Inventory, NamedObject
from services.ingest.dependencies import Dependencies
from services.ingest.errors import AssetNotFound, WrongState
from services.ingest.garbage import collect_garbage
from services.ingest.jobs.failures import DAMAGED_FOR_GOOD
from services.ingest.layout import DOCUMENT_PREFIX
from services.ingest.rebuild import mark_lost, rebuild
from services.rpc.errors import InvalidRequest
from tintype.errors import Aborted, DataLoss, NotFound, TintypeError
from tintype.ingest.v1 import ingest_pb2
from tintype.storage.v1 import storage_pb2

DEFAULT_MIN_AGE = timedelta(hours=1)
# A message of progress after so many objects.
_PROGRESS_EVERY = 1000
_CALL_TIMEOUT_S = 60.0
# Times that an object is read before the way from the store is given up.
_READS = 3


class Sweep:
    """One pass over ingest's own keys and the uploads that are open there. Use once.

    Both sides are read in the order of their keys and compared as they pass, so that
    memory stays the same however many there are. A difference is looked at again before
    it is reported: an asset may have been made or deleted since.
    """

    def __init__(
        self,
        needs: Dependencies,
        inventory: Inventory,
        request: ingest_pb2.SweepRequest,
        read_again: Callable[[str, str], object],
    ) -> None:
        min_age = request.min_age.ToTimedelta() if request.HasField("min_age") else DEFAULT_MIN_AGE
        if min_age < timedelta(0):
            raise InvalidRequest(f"min_age must not be negative, not {min_age}")
        self._needs = needs
        self._inventory = inventory
        self._request = request
        self._read_again = read_again
        self._youngest = datetime.now(UTC) - min_age
        # In the order of their keys.
        self._prefixes = tuple(sorted((f"{needs.upload_prefix}/", f"{DOCUMENT_PREFIX}/")))
        self._objects = self._assets = 0

    def run(self) -> Iterator[ingest_pb2.SweepResponse]:
        """Yield every finding, progress in between, and at last the counts."""
        if self._request.repair:
            collect_garbage(self._needs.catalog, self._needs.storage, self._needs.catalog.garbage())
        last_asset = ""
        for key, info, named in self._pairs():
            self._objects += info is not None
            if named and named.asset_id != last_asset:
                self._assets += named.rendition == "original"
                last_asset = named.asset_id
            yield from self._compare(key, info, named)
            if self._objects % _PROGRESS_EVERY == 0:
                yield self._message()
        yield from self._abandoned()
        yield self._message()

    def _pairs(
        self,
    ) -> Iterator[tuple[str, storage_pb2.ObjectInfo | None, NamedObject | None]]:
        """Yield every key with what the store and the catalog know of it."""
        stored = (
            (info.key.encode(), 0, info)
            for prefix in self._prefixes
            for info in self._needs.storage.list(prefix)
        )
        named = (
            (named.storage_key.encode(), 1, named)
            for named in self._inventory.objects()
            if named.storage_key.startswith(self._prefixes)
        )
        both = merge(stored, named, key=lambda entry: entry[:2])
        for key, entries in groupby(both, key=lambda entry: entry[0]):
            found = {side: what for _, side, what in entries}
            yield key.decode(), found.get(0), found.get(1)  # type: ignore[misc]  # by their side

    def _compare(
        self, key: str, info: storage_pb2.ObjectInfo | None, named: NamedObject | None
    ) -> Iterator[ingest_pb2.SweepResponse]:
        if named is None and info is not None:
            old = info.modify_time.ToDatetime(UTC) <= self._youngest
            if old and self._inventory.find(key) is None:
                yield self._orphan(key)
        elif named is not None and info is None:
            if self._inventory.find(key) and self._read_problem(key):
                yield self._broken(ingest_pb2.SWEEP_FINDING_MISSING, named)
        elif named is not None and self._request.verify_content:
            finding = self._read_problem(key, whole=True)
            if finding and self._inventory.find(key):
                yield self._broken(finding, named)

    def _read_problem(self, key: str, *, whole: bool = False) -> ingest_pb2.SweepFinding | None:
        """Return what is wrong with an object that should be there; None if nothing is."""
        try:
            for attempt in stamina.retry_context(on=_damaged_on_the_way, attempts=_READS):
                with attempt, self._needs.storage.get(key, timeout_s=_CALL_TIMEOUT_S) as reader:
                    if whole:
                        for _ in reader:
                            pass
        except NotFound:
            return ingest_pb2.SWEEP_FINDING_MISSING
        except DataLoss as error:
            if _damaged_on_the_way(error):
                raise
            return ingest_pb2.SWEEP_FINDING_DAMAGED
        return None

    def _orphan(self, key: str) -> ingest_pb2.SweepResponse:
        message = self._message(ingest_pb2.SWEEP_FINDING_ORPHAN, key)
        if self._request.repair:
            self._needs.storage.delete(key, timeout_s=_CALL_TIMEOUT_S)
            message.repaired = True
        return message

    def _abandoned(self) -> Iterator[ingest_pb2.SweepResponse]:
        """Report the uploads that nobody goes on with, and give them up if told to."""
        for upload in self._needs.storage.list_uploads(timeout_s=_CALL_TIMEOUT_S):
            if not upload.key.startswith(self._prefixes):
                continue  # somebody else's, who may pause for days
            if upload.touch_time.ToDatetime(UTC) > self._youngest:
                continue
            message = self._message(ingest_pb2.SWEEP_FINDING_ABANDONED_UPLOAD, upload.key)
            message.upload_id = upload.upload_id
            if self._request.repair:
                try:
                    self._needs.storage.abort_upload(upload.upload_id, timeout_s=_CALL_TIMEOUT_S)
                    message.repaired = True
                except Aborted as error:  # a writer is at it again
                    message.message = str(error)
            yield message

    def _broken(
        self, finding: ingest_pb2.SweepFinding, named: NamedObject
    ) -> ingest_pb2.SweepResponse:
        """Report an object that an asset names in vain, and mend the asset if told to."""
        message = self._message(finding, named.storage_key, named.asset_id)
        if not self._request.repair:
            return message
        try:
            if named.rendition == "original":
                mark_lost(self._needs.catalog, named.owner, named.asset_id, named.storage_key)
            elif named.storage_key.startswith(f"{DOCUMENT_PREFIX}/"):
                self._read_again(named.owner, named.asset_id)
            else:
                rebuild(self._needs, named.owner, named.asset_id, _CALL_TIMEOUT_S)
            message.repaired = True
        except (AssetNotFound, WrongState, InvalidRequest, TintypeError) as error:
            message.message = str(error)
        return message

    def _message(
        self,
        finding: ingest_pb2.SweepFinding = ingest_pb2.SWEEP_FINDING_UNSPECIFIED,
        key: str = "",
        asset_id: str = "",
    ) -> ingest_pb2.SweepResponse:
        return ingest_pb2.SweepResponse(
            finding=finding,
            storage_key=key,
            asset_id=asset_id,
            objects_count=self._objects,
            assets_count=self._assets,
        )


def _damaged_on_the_way(error: Exception) -> bool:
    """Tell damage between storage and here from damage in the store, which stays."""
    return isinstance(error, DataLoss) and error.reason != DAMAGED_FOR_GOOD
