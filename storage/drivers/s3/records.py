"""Records that are too long for a header, each an object of its own, hidden beside the rest.

The record of a multipart upload is begun before the upload, so that what a killed
process left behind can be found, and is whole before the object becomes visible, so
that no object is ever without it.
"""

import json
from collections.abc import Mapping
from contextlib import suppress

from storage.drivers.answer import Answer
from storage.drivers.record import Record, decode_record
from storage.drivers.s3.connection import S3Connection
from storage.drivers.s3.errors import check_bucket, store_errors
from storage.drivers.s3.layout import HIDDEN, Found, read_headers
from storage.errors import DataCorrupted, ObjectNotFound, StoreError

RECORDS = f"{HIDDEN}records/"
_LOOKS = 3


def write_record(
    s3: S3Connection, put_id: str, key: str, record: Record | None, upload: str = ""
) -> None:
    """Write down, durably, that `put_id` is about to be the object at `key`.

    Args:
        s3: the server.
        put_id: names the record.
        key: what it is about, for the sweep.
        record: None while the bytes are still coming.
        upload: the multipart upload that a sweep would have to abort.
    """
    about = json.dumps({"key": key, "upload": upload}).encode()
    with store_errors(s3, key):
        s3.put(RECORDS + put_id, about + b"\n" + (record.encode() if record else b""))


def delete_record(s3: S3Connection, put_id: str) -> None:
    """Remove a record that no object needs. If that fails, the sweep does it."""
    with suppress(StoreError), store_errors(s3):
        s3.request("DELETE", RECORDS + put_id)


def find(s3: S3Connection, key: str) -> Found:
    """Look at the object at a key.

    Raises:
        ObjectNotFound: there is none.
        DataCorrupted: its record is damaged or missing.
    """
    return look(s3, "HEAD", key, {})[0]


def look(
    s3: S3Connection, method: str, key: str, headers: Mapping[str, str]
) -> tuple[Found, Answer]:
    """Ask for an object by HEAD or GET; the caller closes the answer.

    Raises:
        ObjectNotFound: there is none.
        DataCorrupted: its record is damaged or missing.
        ConditionNotMet: a condition in `headers` does not hold.
    """
    for _ in range(_LOOKS):
        answer = _ask(s3, method, key, headers)
        try:
            found = read_headers(key, answer.headers)
            if found.is_record_hidden:
                found = found.with_record(_read_record(s3, found))
        except ObjectNotFound:
            # A record goes only after its object went: look at what is there now.
            answer.close()
        except BaseException:
            answer.close()
            raise
        else:
            return found, answer
    raise DataCorrupted(f"the record of {key!r} is missing", key=key)


def _ask(s3: S3Connection, method: str, key: str, headers: Mapping[str, str]) -> Answer:
    try:
        with store_errors(s3, key):
            return s3.request(method, key, headers=headers, stream=method == "GET")
    except ObjectNotFound:
        if method == "HEAD":
            check_bucket(s3)  # HEAD does not say which of the two is missing
        raise


def _read_record(s3: S3Connection, found: Found) -> Record:
    """Fetch the record that lies beside an object.

    Raises:
        ObjectNotFound: it is not there.
    """
    with store_errors(s3, found.key):
        body = s3.request("GET", RECORDS + found.put_id).body
    return decode_record(body.partition(b"\n")[2], found.key)
