"""What a Range header asks for (RFC 9110, section 14)."""

import re
from typing import NamedTuple

_ONE_RANGE = re.compile(r"\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.IGNORECASE)


class Range(NamedTuple):
    """Part of an object, in the terms of the storage service's Get.

    Attributes:
        offset: first byte; negative counts from the end.
        length_bytes: bytes to read at most; 0: to the end.
    """

    offset: int
    length_bytes: int


def parse_range(header: str) -> Range | None:
    """Return the one range of a header.

    None, which stands for the whole object, if there is no header, if it asks for
    several ranges, or if it makes no sense: a server may ignore those (section 14.2).
    """
    match = _ONE_RANGE.fullmatch(header)
    if match is None:
        return None
    first, last = match.groups()
    if first and last:
        length_bytes = int(last) - int(first) + 1
        return Range(int(first), length_bytes) if length_bytes > 0 else None
    if first:
        return Range(int(first), 0)
    return Range(-int(last), 0) if last and int(last) else None
