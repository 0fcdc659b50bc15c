"""Copying an object inside the bucket."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

from storage.drivers.conditions import ConditionNotMet
from storage.drivers.parts import MIB, SentPart
from storage.drivers.reader import CheckedReader
from storage.drivers.record import Record
from storage.drivers.s3.connection import S3Connection
from storage.drivers.s3.layout import Found, object_headers
from storage.drivers.s3.multipart import Multipart, start_multipart
from storage.drivers.s3.reading import source_of
from storage.drivers.s3.records import delete_record, find, look, write_record
from storage.drivers.s3.writing import finish, put_stream
from storage.drivers.stopping import stoppable
from storage.errors import EtagMismatch
from storage.keys import random_base62
from storage.store import ObjectInfo, PutInfo, always

# Smaller ones are read and put again: fewer requests, and checked on the way.
_SMALL_BYTES = 8 * MIB
# The server copies a part in one request, which has to end in time: no larger than needed.
# S3 takes 10,000 parts of at most 5 GiB.
_COPIED_PART_BYTES = 512 * MIB
_MAX_PARTS = 10_000
_PARALLEL_PARTS = 4


def copy_object(
    s3: S3Connection,
    source_key: str,
    target_key: str,
    info: PutInfo,
    if_source_etag: str,
    *,
    go_on: Callable[[], None],
) -> ObjectInfo:
    """Copy one object to another key; see `ObjectStore.copy`."""
    found = find(s3, source_key)
    if if_source_etag not in {"", found.etag}:
        raise EtagMismatch(source_key, if_source_etag, found.etag)
    kept = _put_info(found.info(), info)
    try:
        if found.size_bytes <= _SMALL_BYTES:
            return _copy_small(s3, found, target_key, kept, go_on)
        put_id = random_base62()
        now = datetime.fromtimestamp(s3.now(), UTC)
        record = replace(found.record or _unknown(found), modify_time=now)
        with s3.busy.hold(put_id):
            return copy_large(s3, found, target_key, kept, record, put_id=put_id, go_on=go_on)
    except ConditionNotMet:
        # The source was replaced between looking and copying.
        raise EtagMismatch(source_key, found.etag, find(s3, source_key).etag) from None


def _copy_small(
    s3: S3Connection, found: Found, target_key: str, info: PutInfo, go_on: Callable[[], None]
) -> ObjectInfo:
    """Read the source, checked, and put it."""
    found, answer = look(s3, "GET", found.key, {"If-Match": f'"{found.etag}"'})
    size = found.size_bytes
    source = source_of(s3, found, answer, 0, size)
    block_crcs = found.record.block_crcs if found.record else None
    with CheckedReader(found.info(), 0, size, block_crcs=block_crcs, source=source) as reader:
        return put_stream(s3, target_key, stoppable(reader, go_on), info)


def copy_large(
    s3: S3Connection,
    found: Found,
    target_key: str,
    info: PutInfo,
    record: Record,
    *,
    put_id: str,
    go_on: Callable[[], None] = always,
) -> ObjectInfo:
    """Let the server copy, in parts: that is how it takes any size and the conditions.

    Raises:
        ConditionNotMet: the source was replaced meanwhile.
    """
    headers = object_headers(put_id, info, None)
    multipart = start_multipart(s3, target_key, headers, checksums=False)
    with s3.busy.hold(multipart.upload_id):
        try:
            write_record(s3, put_id, target_key, record, multipart.upload_id)
            _copy_parts(multipart, found, go_on)
            go_on()
        except BaseException:
            multipart.abort()
            delete_record(s3, put_id)
            raise
        return finish(multipart, put_id, record, info)


def _copy_parts(multipart: Multipart, found: Found, go_on: Callable[[], None]) -> None:
    """Let the server copy every range, a few at a time."""

    def copy(numbered: tuple[int, range]) -> SentPart:
        go_on()
        number, part = numbered
        return multipart.copy(found.key, found.etag, part.start, part.stop, number)

    with ThreadPoolExecutor(_PARALLEL_PARTS, "s3-copy") as copiers:
        multipart.parts += copiers.map(copy, enumerate(copied_parts(found.size_bytes), 1))


def copied_parts(size_bytes: int) -> list[range]:
    """Return which bytes of an object of that size the server is to copy at once."""
    part_bytes = max(_COPIED_PART_BYTES, -(-size_bytes // _MAX_PARTS))
    starts = range(0, size_bytes, part_bytes)
    return [range(start, min(start + part_bytes, size_bytes)) for start in starts]


def _put_info(source: ObjectInfo, conditions: PutInfo) -> PutInfo:
    """Return how to store a copy: as the source is stored, under the target's conditions."""
    return replace(
        conditions,
        content_type=source.content_type,
        cache_control=source.cache_control,
        content_disposition=source.content_disposition,
        user_metadata=source.user_metadata,
        sha256=lambda: source.sha256,
    )


def _unknown(found: Found) -> Record:
    """Return the record of what somebody else stored: without checksums."""
    info = found.info()
    return Record(
        size_bytes=info.size_bytes,
        crc32c=None,
        block_crcs=None,
        modify_time=info.modify_time,
        content_type=info.content_type,
        cache_control=info.cache_control,
        content_disposition=info.content_disposition,
        user_metadata=info.user_metadata,
    )
