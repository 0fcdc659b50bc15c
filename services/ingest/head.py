"""Looking at the first bytes of a stream without losing them."""

from collections.abc import Iterator

from imaging.errors import UnsupportedFormat
from imaging.formats import Format, describe, sniff
from tintype.framing import Buffer

# Enough of a file to tell every image format that is allowed in.
_IMAGE_HEAD_BYTES = 64


def take_head(chunks: Iterator[Buffer], size_bytes: int) -> tuple[bytes, list[Buffer]]:
    """Take chunks until they hold `size_bytes`, or all there are.

    Returns:
        The first bytes, at most `size_bytes` of them, and the chunks that were taken.
    """
    taken: list[Buffer] = []
    held_bytes = 0
    for chunk in chunks:
        taken.append(chunk)
        held_bytes += len(chunk)
        if held_bytes >= size_bytes:
            break
    return b"".join(taken)[:size_bytes], taken


def sniff_image(chunks: Iterator[Buffer]) -> tuple[Format, list[Buffer]]:
    """Tell an image's format from its first bytes; returns the chunks taken, too.

    Raises:
        UnsupportedFormat: they are no image that is allowed in.
    """
    first_bytes, taken = take_head(chunks, _IMAGE_HEAD_BYTES)
    image_format = sniff(first_bytes)
    if image_format is None:
        raise UnsupportedFormat(
            f"no image that is allowed in: it looks like {describe(first_bytes)}"
        )
    return image_format, taken
