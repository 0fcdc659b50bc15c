"""The bytes of one object from an open answer, picked up again when the connection breaks."""

from urllib3.exceptions import HTTPError

from storage.drivers.answer import Answer
from storage.drivers.conditions import ConditionNotMet
from storage.drivers.s3.connection import S3Connection
from storage.drivers.s3.errors import NothingInRange, store_errors
from storage.drivers.s3.layout import Found
from storage.errors import StoreUnavailable

_RESUMES = 2


class S3Source:
    """Reads an object from a block's start. Not for several threads at once."""

    def __init__(
        self, s3: S3Connection, found: Found, answer: Answer, position: int, end: int
    ) -> None:
        """Take over an answer that stands at byte `position` of the object and goes to `end`."""
        self._s3 = s3
        self._found = found
        self._answer = answer
        self._position = position
        self._end = end
        self._resumes = 0

    def read(self, count: int) -> bytearray:
        """Return exactly `count` bytes, from a new connection if this one breaks."""
        while True:
            try:
                block = self._answer.read(count, self._s3.options.timeout_s)
            except HTTPError:
                self._answer.close()
                self._resumes += 1
                if self._resumes > _RESUMES:
                    with store_errors(self._s3, self._found.key):
                        raise
                self._answer = open_range(self._s3, self._found, self._position, self._end)
            else:
                self._position += count
                return block

    def close(self) -> None:
        """Let go of the connection."""
        self._answer.close()


def open_range(s3: S3Connection, found: Found, first: int, end: int) -> Answer:
    """Ask for the bytes `first` to `end` (exclusive) of the very object that was found.

    Raises:
        StoreUnavailable: there is another object now.
    """
    headers = {"Range": f"bytes={first}-{end - 1}", "If-Match": f'"{found.etag}"'}
    try:
        with store_errors(s3, found.key):
            return s3.request("GET", found.key, headers=headers, stream=True)
    except (ConditionNotMet, NothingInRange) as error:
        raise Replaced(found.key) from error


class Replaced(StoreUnavailable):
    """The object was replaced while it was being read."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the object at {key!r} was replaced while it was being read", key=key)
