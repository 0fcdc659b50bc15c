"""Opening the bytes of an object."""

from storage.drivers.answer import Answer
from storage.drivers.conditions import ConditionNotMet
from storage.drivers.s3.connection import S3Connection
from storage.drivers.s3.errors import NothingInRange, store_errors
from storage.drivers.s3.layout import Found
from storage.drivers.source import AnswerSource, Replaced


def open_range(s3: S3Connection, found: Found, first: int, end: int) -> Answer:
    """Ask for the bytes `first` to `end` (exclusive) of the very object that was found.

    Raises:
        Replaced: there is another object now.
    """
    headers = {"Range": f"bytes={first}-{end - 1}", "If-Match": f'"{found.etag}"'}
    try:
        with store_errors(s3, found.key):
            return s3.request("GET", found.key, headers=headers, stream=True)
    except (ConditionNotMet, NothingInRange) as error:
        raise Replaced(found.key) from error


def source_of(s3: S3Connection, found: Found, answer: Answer, first: int, end: int) -> AnswerSource:
    """Read on from an answer that stands at byte `first` and goes to `end`."""
    return AnswerSource(
        answer,
        first,
        reopen=lambda position: open_range(s3, found, position, end),
        errors=lambda: store_errors(s3, found.key),
        timeout_s=s3.options.timeout_s,
    )
