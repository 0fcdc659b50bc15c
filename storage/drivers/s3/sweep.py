"""Finding what a killed process left behind: parts, and records without an object."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile

from storage.drivers.s3.connection import S3Connection
from storage.drivers.s3.errors import store_errors
from storage.drivers.s3.layout import read_headers
from storage.drivers.s3.listing import list_hidden
from storage.drivers.s3.multipart import Multipart, list_multiparts
from storage.drivers.s3.records import RECORDS, delete_record
from storage.drivers.s3.staging import STAGING, UPLOADS
from storage.errors import ObjectNotFound
from storage.keys import random_base62
from storage.store import ObjectInfo

_RECORDS_A_SWEEP = 1000


def sweep_records(s3: S3Connection, older_than: timedelta) -> int:
    """Remove records without an object, older than that, and the parts they speak of.

    Looks at so many records, from a random one on: a bucket of a million large objects
    must not be asked two million things in every sweep. What this process is at is spared
    by name, what others are at by its age: no put may take as long as `older_than`.
    Returns how many.
    """
    before = datetime.fromtimestamp(s3.now(), UTC) - older_than
    some = islice(_from_a_random_one(s3), _RECORDS_A_SWEEP)
    old = [entry.key for entry in some if entry.modify_time <= before]
    return sum(_sweep_record(s3, key.removeprefix(RECORDS)) for key in old)


def _from_a_random_one(s3: S3Connection) -> Iterator[ObjectInfo]:
    """Yield all records once, beginning anywhere; their names are random, too."""
    start = RECORDS + random_base62()
    yield from list_hidden(s3, RECORDS, start)
    yield from takewhile(lambda entry: entry.key <= start, list_hidden(s3, RECORDS))


def sweep_multiparts(s3: S3Connection, older_than: timedelta) -> int:
    """Abort multipart uploads begun before that of which nobody knows, and return how many.

    A put that died between opening one and writing that down leaves such. Those of
    resumable uploads that are still remembered are spared, however old.
    """
    before = datetime.fromtimestamp(s3.now(), UTC) - older_than
    aborted = 0
    for multipart, begun in list_multiparts(s3):
        if begun > before or multipart.upload_id in s3.busy:
            continue
        if multipart.key.startswith(STAGING) and _is_remembered(s3, multipart.key):
            continue
        multipart.abort()
        aborted += 1
    return aborted


def _is_remembered(s3: S3Connection, staging_key: str) -> bool:
    """Tell whether the resumable upload that stages its parts there is still known."""
    name = UPLOADS + staging_key.removeprefix(STAGING)
    try:
        with store_errors(s3, name):
            s3.request("HEAD", name)
    except ObjectNotFound:
        return False
    return True


def _sweep_record(s3: S3Connection, put_id: str) -> bool:
    """Remove a record, and the parts it speaks of, unless there is an object that needs it."""
    try:
        with store_errors(s3, RECORDS):
            body = s3.request("GET", RECORDS + put_id).body
    except ObjectNotFound:
        return False
    about = json.loads(body.partition(b"\n")[0])
    if put_id in s3.busy or put_id == _put_id_at(s3, about["key"]):
        return False
    if about["upload"]:
        Multipart(s3, about["key"], about["upload"]).abort()
    delete_record(s3, put_id)
    return True


def _put_id_at(s3: S3Connection, key: str) -> str:
    """Return which put stored the object at a key; empty if there is none."""
    try:
        with store_errors(s3, key):
            return read_headers(key, s3.request("HEAD", key).headers).put_id
    except ObjectNotFound:
        return ""
