"""An answer of the server: read in bounded time, and what it says when it refuses."""

import time
from xml.etree import ElementTree as ET

import urllib3
from minio.error import S3Error
from minio.xml import findtext
from urllib3.exceptions import ProtocolError
from urllib3.exceptions import TimeoutError as SocketTimeout

_READ_BYTES = 1024 * 1024


class Answer:
    """A response of which the body may not have been read yet.

    Attributes:
        body: all of it, after `load`.
    """

    def __init__(self, response: urllib3.BaseHTTPResponse, deadline: float) -> None:
        """Take over the response; `deadline` (monotonic) bounds `load`."""
        self.status = response.status
        self.headers = response.headers
        self.body = b""
        self._response = response
        self._deadline = deadline

    def load(self) -> None:
        """Read the whole body, a small one, and give the connection back."""
        pieces = []
        while piece := self._response.read1(_READ_BYTES):
            pieces.append(piece)
            check_deadline(self._deadline)
        self.body = b"".join(pieces)
        self._response.release_conn()

    def read(self, count: int, timeout_s: float) -> bytearray:
        """Read exactly `count` bytes of the body within `timeout_s`.

        Raises:
            urllib3.exceptions.HTTPError: the connection broke or was too slow.
        """
        deadline = time.monotonic() + timeout_s
        block = bytearray()
        while len(block) < count:
            piece = self._response.read1(count - len(block))
            if not piece:
                raise ProtocolError(f"the connection ended {count - len(block)} bytes early")
            block += piece
            check_deadline(deadline)
        return block

    def close(self) -> None:
        """Give the connection back if the body was read to its end, else close it."""
        if self._response.closed:
            self._response.release_conn()
        else:
            self._response.close()

    def refusal(self, method: str) -> S3Error | None:
        """Return the error that the answer is, if it is one. Reads the body then."""
        if self.status < 300:
            return None
        self.load()
        code: str = self.headers.get("x-minio-error-code") or str(self.status)
        message = f"{method} answered {self.status}"
        try:
            element = parse_xml(self.body)
        except ET.ParseError:
            pass  # the answer to a HEAD, or not from an S3 server at all
        else:
            code = find_text(element, "Code") or code
            message = find_text(element, "Message") or message
        return S3Error(self._response, code, message, None, None, None)


def find_text(element: ET.Element, name: str) -> str:
    """Return the text of a child; empty if there is none."""
    return findtext(element, name) or ""


def parse_xml(body: bytes) -> ET.Element:
    """Read an answer's body.

    Raises:
        xml.etree.ET.ParseError: it is no XML.
    """
    return ET.fromstring(body)  # noqa: S314  # expat 2.4 and newer bound expansion


def check_deadline(deadline: float) -> None:
    """Hold a transfer against its end (monotonic): each step has its own timeout, not the sum.

    Raises:
        urllib3.exceptions.TimeoutError: it is over.
    """
    if time.monotonic() > deadline:
        raise SocketTimeout("the transfer was too slow to end in time")
