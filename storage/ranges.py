"""Which bytes a range means."""

from storage.errors import InvalidRange


def resolve(size_bytes: int, offset: int, length_bytes: int | None) -> tuple[int, int]:
    """Return first byte and number of bytes of a range of an object.

    Args:
        size_bytes: size of the object.
        offset: first byte; negative counts from the end, and further back than the
            start is the start.
        length_bytes: bytes at most; None: to the end.

    Raises:
        InvalidRange: `offset` is at or beyond the end, except 0 of an empty object, or
            `length_bytes` is negative.
    """
    if length_bytes is not None and length_bytes < 0:
        raise InvalidRange(f"a range cannot have {length_bytes} bytes")
    start = max(0, size_bytes + offset) if offset < 0 else offset
    if start >= size_bytes and start > 0:
        raise InvalidRange(
            f"offset {offset} is at or beyond the end; the object has {size_bytes} bytes",
            size_bytes=str(size_bytes),
        )
    rest = size_bytes - start
    return start, rest if length_bytes is None else min(length_bytes, rest)
