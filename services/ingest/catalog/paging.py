"""Page tokens: where a list goes on, in a form that callers cannot mistake for data."""

import base64
import binascii
from datetime import UTC, datetime

from services.rpc.errors import InvalidRequest

DEFAULT_PAGE_SIZE = 50
MAX_PAGE_SIZE = 1000


def page_size(asked: int) -> int:
    """Return the size to use for the size asked for; 0 is the default.

    Raises:
        InvalidRequest: it is negative or above the maximum.
    """
    if not 0 <= asked <= MAX_PAGE_SIZE:
        raise InvalidRequest(f"page_size must be 0 to {MAX_PAGE_SIZE}, not {asked}")
    return asked or DEFAULT_PAGE_SIZE


def encode_token(time: datetime, asset_id: str) -> str:
    """Name the last asset of a page."""
    return base64.urlsafe_b64encode(f"{time.timestamp():.6f}/{asset_id}".encode()).decode()


def decode_token(token: str) -> tuple[datetime, str]:
    """Return the last asset of the page before.

    Raises:
        InvalidRequest: no list gave out this token.
    """
    try:
        time, _, asset_id = base64.urlsafe_b64decode(token).decode().partition("/")
        return datetime.fromtimestamp(float(time), UTC), asset_id
    except (binascii.Error, ValueError, OverflowError) as error:
        raise InvalidRequest(f"page_token {token!r} is not one that a list gave out") from error
