"""What a backend has to offer for resumable uploads; the rest is the same everywhere."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import NamedTuple, Protocol

from storage.drivers.parts import Part, Schedule
from storage.drivers.record import Record
from storage.drivers.upload_state import UploadState
from storage.errors import ObjectNotFound, UploadConflict
from storage.store import Buffer, ObjectInfo


@contextmanager
def gone_as_conflict(upload_id: str) -> Iterator[None]:
    """Say that parts which are neither waiting nor joined were taken away by somebody.

    Raises:
        UploadConflict: the block met no object.
    """
    try:
        yield
    except ObjectNotFound:
        raise UploadConflict(f"the parts of the upload {upload_id!r} were removed") from None


class States(NamedTuple):
    """One page of the texts about uploads.

    Attributes:
        written: when each upload's text was last written, by the upload's id.
        next_token: where the next page begins; empty for the last page.
    """

    written: dict[str, datetime]
    next_token: str


class StagingArea(Protocol):
    """A hidden place for parts, and for one small text about each upload.

    Attributes:
        schedule: how large parts are.
    """

    @property
    def schedule(self) -> Schedule:
        """How large parts are."""

    def now(self) -> float:
        """Return Unix time as the backend has it."""

    def busy_with(self, upload_id: str) -> AbstractContextManager[None]:
        """Keep the sweep and other writers of this process away in the block.

        Raises:
            UploadConflict: one of them is at it.
        """

    def read_state(self, upload_id: str) -> tuple[bytes, str]:
        """Return the text about an upload and its version.

        Raises:
            ObjectNotFound: there is none.
        """

    def write_state(self, upload_id: str, text: bytes, version: str) -> str:
        """Replace that version of the text, "" for none, and return the new version.

        Raises:
            ConditionNotMet, ObjectNotFound: another version is there, or none.
        """

    def remove_state(self, upload_id: str) -> None:
        """Forget an upload."""

    def list_states(self, token: str, limit: int) -> States:
        """Return one page of at most `limit` texts; `token` is of the page before."""

    def old_states(self, before: datetime) -> Iterator[str]:
        """Yield the ids of uploads whose text was last written before a time."""

    def open_parts(self, upload_id: str) -> str:
        """Make a place for parts and return what to call it; never empty."""

    def send_part(self, upload_id: str, parts_id: str, part: Part, number: int) -> str:
        """Keep a part and return its etag, or "" where parts have none."""

    def join_parts(self, upload_id: str, state: UploadState) -> None:
        """Make one hidden object of the parts that count. Again, it changes nothing."""

    def read_joined(self, upload_id: str, size_bytes: int) -> Iterator[Buffer]:
        """Yield the hidden object, which has this size."""

    def publish(self, upload_id: str, state: UploadState, record: Record) -> ObjectInfo:
        """Copy the hidden object to its key, if the conditions hold.

        The copy has the upload's id, so that publishing again finds its own object.
        """

    def publish_small(
        self, upload_id: str, state: UploadState, part: Part, record: Record
    ) -> ObjectInfo:
        """Store an object of a single part that was never staged; otherwise as `publish`."""

    def remove_parts(self, upload_id: str, parts_id: str) -> None:
        """Remove parts and hidden object, whichever there is; `parts_id` may be empty."""
