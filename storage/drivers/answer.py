"""Bodies over HTTP, sent and read in bounded time however slow the other side is."""

import time
from collections.abc import Iterator

import urllib3
from urllib3.exceptions import ProtocolError
from urllib3.exceptions import TimeoutError as SocketTimeout

_READ_BYTES = 1024 * 1024
_SEND_BYTES = 256 * 1024


class Answer:
    """A response of which the body may not have been read yet.

    Attributes:
        body: all of it, after `load`.
        response: as urllib3 has it.
    """

    def __init__(self, response: urllib3.BaseHTTPResponse, deadline: float) -> None:
        """Take over the response; `deadline` (monotonic) bounds `load`."""
        self.status = response.status
        self.headers = response.headers
        self.body = b""
        self.response = response
        self._deadline = deadline

    def load(self) -> None:
        """Read the whole body, a small one, and give the connection back."""
        pieces = []
        while piece := self.response.read1(_READ_BYTES):
            pieces.append(piece)
            check_deadline(self._deadline)
        self.body = b"".join(pieces)
        self.response.release_conn()

    def read(self, count: int, timeout_s: float) -> bytes:
        """Read exactly `count` bytes of the body within `timeout_s`.

        Raises:
            urllib3.exceptions.HTTPError: the connection broke or was too slow.
        """
        deadline = time.monotonic() + timeout_s
        pieces: list[bytes] = []
        missing = count
        while missing:
            piece = self.response.read1(missing)
            if not piece:
                raise ProtocolError(f"the connection ended {missing} bytes early")
            pieces.append(piece)
            missing -= len(piece)
            check_deadline(deadline)
        return b"".join(pieces)

    def close(self) -> None:
        """Give the connection back if the body was read to its end, else close it."""
        if self.response.closed:
            self.response.release_conn()
        else:
            self.response.close()


def sent_pieces(body: bytes | memoryview, deadline: float) -> Iterator[bytes]:
    """Yield a body to send in pieces, until the deadline (monotonic)."""
    view = memoryview(body)
    for start in range(0, len(view), _SEND_BYTES):
        check_deadline(deadline)
        yield view[start : start + _SEND_BYTES]  # type: ignore[misc]  # sockets take any buffer


def check_deadline(deadline: float) -> None:
    """Hold a transfer against its end (monotonic): each step has its own timeout, not the sum.

    Raises:
        urllib3.exceptions.TimeoutError: it is over.
    """
    if time.monotonic() > deadline:
        raise SocketTimeout("the transfer was too slow to end in time")
