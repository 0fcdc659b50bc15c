"""Putting a stream: in one request if it fits into one part, else as a multipart upload."""

import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from storage.drivers.conditions import ConditionNotMet, settled_etag
from storage.drivers.parts import Part, cut
from storage.drivers.record import Record, Tally, check_sha256, make_record, tallied
from storage.drivers.s3.connection import S3Connection
from storage.drivers.s3.errors import NoSuchUpload, store_errors
from storage.drivers.s3.layout import fits_header, object_headers
from storage.drivers.s3.multipart import SCHEDULE, Multipart, start_multipart
from storage.drivers.s3.records import delete_record, find, write_record
from storage.keys import random_base62
from storage.store import Chunk, ObjectInfo, PutInfo


def put_stream(s3: S3Connection, key: str, chunks: Iterable[Chunk], info: PutInfo) -> ObjectInfo:
    """Store the chunks as one object; see `ObjectStore.put`."""
    put_id = random_base62()
    with s3.busy.hold(put_id):
        return _put_parts(s3, key, chunks, info, put_id)


def _put_parts(
    s3: S3Connection, key: str, chunks: Iterable[Chunk], info: PutInfo, put_id: str
) -> ObjectInfo:
    """Store one part, or all of them."""
    tally = Tally()
    parts = cut(tallied(chunks, tally), SCHEDULE)
    first = next(parts)
    if first.is_last:
        sha256 = info.sha256()
        if sha256:
            check_sha256(sha256, hashlib.sha256(first.content).digest())
        record = make_record(tally, info, sha256, s3.now())
        return put_whole(s3, key, first, record, info, put_id=put_id)
    headers = object_headers(put_id, info, None)
    multipart = start_multipart(s3, key, headers, checksums=True)
    with s3.busy.hold(multipart.upload_id):
        try:
            write_record(s3, put_id, key, None, multipart.upload_id)
            digest = _send_all(multipart, first, parts)
            sha256 = info.sha256()
            check_sha256(sha256, digest)
            record = make_record(tally, info, sha256, s3.now())
            write_record(s3, put_id, key, record, multipart.upload_id)
        except BaseException:
            multipart.abort()
            delete_record(s3, put_id)
            raise
        return finish(multipart, put_id, record, info)


def put_whole(
    s3: S3Connection, key: str, part: Part, record: Record, info: PutInfo, *, put_id: str
) -> ObjectInfo:
    """Store an object of a single part."""
    if not fits_header(record):
        write_record(s3, put_id, key, record)
    headers = object_headers(put_id, info, record) | conditions(info)
    try:
        with store_errors(s3, key):
            answer = s3.put(key, part.content, part.crc32c, headers=headers)
        etag = answer.headers.get("ETag", "").strip('"')
    except ConditionNotMet:
        etag = settled_etag(lambda: find(s3, key), key, put_id, info)
    return record.info(key, etag)


def finish(multipart: Multipart, put_id: str, record: Record, info: PutInfo) -> ObjectInfo:
    """Make a multipart upload visible, if its conditions hold; otherwise abort it."""
    try:
        etag = multipart.complete(conditions(info), record.crc32c)
    except (ConditionNotMet, NoSuchUpload):
        try:
            etag = settled_etag(
                lambda: find(multipart.s3, multipart.key), multipart.key, put_id, info
            )
        except BaseException:
            multipart.abort()
            delete_record(multipart.s3, put_id)
            raise
    return record.info(multipart.key, etag)


def conditions(info: PutInfo) -> dict[str, str]:
    """Return the headers that make a put conditional."""
    if info.create_only:
        return {"If-None-Match": "*"}
    return {"If-Match": f'"{info.if_etag}"'} if info.if_etag else {}


def _send_all(multipart: Multipart, first: Part, parts: Iterator[Part]) -> bytes:
    """Send each part while the next one is filled; returns the digest of the whole.

    The digest costs what signing the body would have cost, and may be asked for when
    the last byte has come and none can be read again.
    """
    digest = hashlib.sha256()

    def send(part: Part, number: int) -> None:
        digest.update(part.content)
        multipart.send(part, number)

    with ThreadPoolExecutor(1, "s3-part") as sender:
        sending = sender.submit(send, first, 1)
        for number, part in enumerate(parts, 2):
            sending.result()
            sending = sender.submit(send, part, number)
        sending.result()
    return digest.digest()
