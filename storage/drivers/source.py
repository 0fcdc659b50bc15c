"""The bytes of one object from an open answer, picked up again when the connection breaks."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from urllib3.exceptions import HTTPError

from storage.drivers.answer import Answer
from storage.errors import ObjectNotFound, StoreError

_RESUMES = 2


class AnswerSource:
    """Reads an object from a block's start. Not for several threads at once."""

    def __init__(
        self,
        answer: Answer,
        position: int,
        *,
        reopen: Callable[[int], Answer],
        errors: Callable[[], AbstractContextManager[None]],
        timeout_s: float,
    ) -> None:
        """Take over an answer that stands at byte `position` of the object.

        Args:
            answer: closed with the source.
            position: of the first byte that is read.
            reopen: asks for the rest of the very same object, from a position on.
            errors: raises what urllib3 raises as errors of the store.
            timeout_s: within this every block has to come.
        """
        self._answer = answer
        self._position = position
        self._reopen = reopen
        self._errors = errors
        self._timeout_s = timeout_s
        self._resumes = 0

    def read(self, count: int) -> bytes:
        """Return exactly `count` bytes, from a new connection if this one breaks."""
        while True:
            try:
                block = self._answer.read(count, self._timeout_s)
            except HTTPError:
                self._answer.close()
                self._resumes += 1
                if self._resumes > _RESUMES:
                    with self._errors():
                        raise
                self._answer = self._reopen(self._position)
            else:
                self._position += count
                return block

    def close(self) -> None:
        """Let go of the connection."""
        self._answer.close()


class Replaced(ObjectNotFound):
    """The object was replaced while it was being read: what had begun cannot go on."""

    def __init__(self, key: str) -> None:
        StoreError.__init__(
            self, f"the object at {key!r} was replaced while it was being read", key=key
        )
