"""Finding what a killed process left behind: uploads, parts, records without an object."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from storage.drivers.s3.connection import S3Connection
from storage.drivers.s3.errors import store_errors
from storage.drivers.s3.layout import read_headers
from storage.drivers.s3.listing import list_hidden
from storage.drivers.s3.multipart import Multipart
from storage.drivers.s3.records import RECORDS, delete_record
from storage.drivers.s3.upload_state import UPLOADS
from storage.drivers.s3.uploads import S3Uploads
from storage.errors import ObjectNotFound


def sweep(s3: S3Connection, uploads: S3Uploads, older_than: timedelta) -> int:
    """Remove what nobody has touched for that long and return how many things that were.

    What this process is at is spared by name, what others are at by its age: no put may
    take as long as `older_than`.
    """
    removed = 0
    for upload_id in _old(s3, UPLOADS, older_than):
        uploads.abort(upload_id)
        removed += 1
    for put_id in _old(s3, RECORDS, older_than):
        removed += _sweep_record(s3, put_id)
    return removed


def _old(s3: S3Connection, prefix: str, older_than: timedelta) -> Iterator[str]:
    """Yield the ids under a hidden prefix that are old enough and that nobody here is at."""
    before = datetime.fromtimestamp(s3.clock.now(), UTC) - older_than
    for entry in list_hidden(s3, prefix):
        name = entry.key.removeprefix(prefix)
        if entry.modify_time <= before and name not in s3.busy:
            yield name


def _sweep_record(s3: S3Connection, put_id: str) -> bool:
    """Remove a record, and the parts it speaks of, unless there is an object that needs it."""
    try:
        with store_errors(s3, RECORDS):
            body = s3.request("GET", RECORDS + put_id).body
    except ObjectNotFound:
        return False
    about = json.loads(body.partition(b"\n")[0])
    if put_id in (_put_id_at(s3, about["key"]), *s3.busy):
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
