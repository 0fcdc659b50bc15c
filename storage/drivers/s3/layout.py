"""How one object lies in S3: in headers, in its record, and what they say together."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import unquote

from storage.drivers.record import Record, ascii_header, check_size, decode_record
from storage.store import DEFAULT_CONTENT_TYPE, ObjectInfo, PutInfo

# No key may hold a backslash, so nothing under this prefix is an object of a caller, and
# the bucket's keys are otherwise exactly the store's.
HIDDEN = ".tintype\\"
_META = "x-amz-meta-"
# Every put has an id of its own. It names the record, and tells after a lost answer
# whether the object that is there now is ours.
_ID = "x-amz-meta-tintype-id"
_RECORD = "x-amz-meta-tintype-record"
# S3 takes 2 KiB of metadata in all.
_INLINE_BYTES = 1200


def object_headers(put_id: str, info: PutInfo, record: Record | None) -> dict[str, str]:
    """Return the headers to store an object with.

    The record travels along if it is known and short; otherwise it must lie beside the
    object (records.py) before the object becomes visible.
    """
    headers = {
        "Content-Type": ascii_header(info.content_type),
        "Cache-Control": ascii_header(info.cache_control),
        "Content-Disposition": ascii_header(info.content_disposition),
        _ID: put_id,
    }
    if record is not None and fits_header(record):
        headers[_RECORD] = urlsafe_b64encode(record.encode()).decode()
    return {name: value for name, value in headers.items() if value}


def fits_header(record: Record) -> bool:
    """Tell whether a record is short enough to travel in a header."""
    return len(record.encode()) <= _INLINE_BYTES


class Found(NamedTuple):
    """What an answer says about the object that is there.

    Attributes:
        put_id: empty if somebody else stored the object.
        record: None as long as it was not fetched, or if somebody else stored it.
        is_record_hidden: the record lies beside the object.
    """

    key: str
    etag: str
    size_bytes: int
    put_id: str
    record: Record | None
    is_record_hidden: bool
    headers: Mapping[str, str]

    def info(self) -> ObjectInfo:
        """Return the object's info; of what somebody else stored, as S3 has it."""
        if self.record is not None:
            return self.record.info(self.key, self.etag)
        return ObjectInfo(
            key=self.key,
            size_bytes=self.size_bytes,
            etag=self.etag,
            modify_time=parsedate_to_datetime(self.headers["Last-Modified"]).astimezone(UTC),
            content_type=self.headers.get("Content-Type") or DEFAULT_CONTENT_TYPE,
            cache_control=self.headers.get("Cache-Control", ""),
            content_disposition=self.headers.get("Content-Disposition", ""),
            user_metadata={
                name.lower().removeprefix(_META): unquote(value)
                for name, value in self.headers.items()
                if name.lower().startswith(_META)
            },
        )

    def with_record(self, record: Record) -> "Found":
        """Return it with its record.

        Raises:
            DataCorrupted: the record is of another size than the object.
        """
        check_size(self.key, self.size_bytes, record)
        return self._replace(record=record)


def read_headers(key: str, headers: Mapping[str, str]) -> Found:
    """Read the headers of an answer to HEAD or GET, of a range too.

    Raises:
        DataCorrupted: the record is damaged, or of another size.
    """
    total = headers.get("Content-Range", "").rpartition("/")[2]
    put_id, encoded = headers.get(_ID, ""), headers.get(_RECORD, "")
    found = Found(
        key=key,
        etag=headers.get("ETag", "").strip('"'),
        size_bytes=int(total or headers.get("Content-Length", "0")),
        put_id=put_id,
        record=None,
        is_record_hidden=bool(put_id and not encoded),
        headers=headers,
    )
    return found.with_record(decode_record(urlsafe_b64decode(encoded), key)) if encoded else found
