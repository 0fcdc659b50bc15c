"""Judging an answer: go on, go elsewhere, come back later, or give up."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpcore

from services.ingest.errors import FetchFailed, NotFetchable

REDIRECTS = frozenset((301, 302, 303, 307, 308))
# 408 Request Timeout, 425 Too Early, 429 Too Many Requests; the server says: later.
_LATER = frozenset((408, 425, 429))
_NEVER = frozenset((501, 505))  # of the 5xx, those that no waiting cures
_DEFAULT_RETRY_S = 5.0
_MAX_RETRY_S = 3600.0


def find_header(response: httpcore.Response, name: bytes) -> str:
    """Return a header's first value; empty: there is none."""
    value = next((value for key, value in response.headers if key.lower() == name), b"")
    return value.decode("utf-8", "replace").strip()


def check_status(response: httpcore.Response, host: str) -> None:
    """Let only an answer with content pass.

    Raises:
        FetchFailed: the server says that later may be better, and perhaps how much later.
        NotFetchable: any other answer.
    """
    status = response.status
    if status == 200:
        return
    message = f"{host} answered {status}"
    if status in _LATER or (500 <= status <= 599 and status not in _NEVER):
        retry_after_s = _parse_retry_after(find_header(response, b"retry-after"))
        raise FetchFailed(message, retry_after_s=retry_after_s, host=host, status=str(status))
    raise NotFetchable(message, host=host, status=str(status))


def check_content(response: httpcore.Response, max_bytes: int, host: str) -> int | None:
    """Return the announced size, if any; refuse what is compressed or too large.

    Compressed content was not asked for, and unpacking it is how a small answer
    becomes an endless one.

    Raises:
        NotFetchable: it is compressed, or announced as larger than `max_bytes`.
    """
    encoding = find_header(response, b"content-encoding").lower()
    if encoding not in ("", "identity"):
        raise NotFetchable(f"{host} answered in the encoding {encoding!r}, unasked", host=host)
    length = find_header(response, b"content-length")
    if not length:
        return None
    size_bytes = int(length)  # h11 lets nothing but digits pass
    if size_bytes > max_bytes:
        raise NotFetchable(f"{host} has {size_bytes} bytes there, more than {max_bytes}", host=host)
    return size_bytes


def _parse_retry_after(value: str) -> float:
    """Read Retry-After, seconds or a date (RFC 9110, 10.2.3), as seconds from now."""
    if value.isascii() and value.isdigit():
        return min(float(value), _MAX_RETRY_S)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return _DEFAULT_RETRY_S
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - datetime.now(UTC)).total_seconds(), 0.0), _MAX_RETRY_S)
