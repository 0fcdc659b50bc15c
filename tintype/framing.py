"""Chunk messages framed by hand, byte for byte what the generated code writes.

Generated code copies a chunk's content twice on its way out and once on its way
in. Every stream message of Tintype keeps its chunk in field 2, and a chunk is a
checksum (field 1) followed by its content (field 2), so a chunk message is a
prefix of at most 15 bytes and then nothing but content. Writing the prefix by
hand leaves one copy out and none in.

Encoding rules: https://protobuf.dev/programming-guides/encoding/
"""

from collections.abc import Callable
from typing import NamedTuple

from google.protobuf.message import Message

# A run of bytes that is only read.
Buffer = bytes | bytearray | memoryview

_CHUNK_TAG = 0x12  # field 2, length-delimited: `chunk` in a stream message
_CRC_TAG = 0x0D  # field 1, 32 bit: `crc32c` in a chunk
_CONTENT_TAG = 0x12  # field 2, length-delimited: `content` in a chunk
_CRC_FIELD_BYTES = 5


class ChunkFrame(NamedTuple):
    """One chunk of a stream, outside any protobuf message.

    Attributes:
        content: the bytes; a view into the received message on the way in.
        crc32c: their CRC-32C as the sender gave it. Not yet checked.
    """

    content: Buffer
    crc32c: int


def serialize(message: Message | ChunkFrame | bytes) -> bytes:
    """Encode any stream message; a `ChunkFrame` without building a message for it.

    Bytes are a message that was encoded already, by somebody with time for it.
    """
    if isinstance(message, bytes):
        return message
    if isinstance(message, ChunkFrame):
        content_prefix = b"\x12" + _varint(len(message.content))
        chunk_bytes = _CRC_FIELD_BYTES + len(content_prefix) + len(message.content)
        return b"".join(
            (
                b"\x12",
                _varint(chunk_bytes),
                b"\x0d",
                message.crc32c.to_bytes(4, "little"),
                content_prefix,
                message.content,
            )
        )
    return message.SerializeToString()


def deserializer(message_type: type[Message]) -> Callable[[bytes], Message | ChunkFrame]:
    """Return the decoder for a stream message type whose chunk is field 2.

    A chunk in the shape that `serialize` writes comes back as a `ChunkFrame`;
    everything else, other legal encodings of a chunk included, goes through the
    generated code and comes back as `message_type`.
    """

    def deserialize(encoded: bytes) -> Message | ChunkFrame:
        return _parse_chunk(encoded) or message_type.FromString(encoded)

    return deserialize


def has_chunk(message_type: type[Message]) -> bool:
    """Tell whether a message type keeps a chunk in field 2, so that it can be framed."""
    field = message_type.DESCRIPTOR.fields_by_number.get(2)
    return field is not None and field.name == "chunk" and field.message_type is not None


def as_chunk(message: Message | ChunkFrame) -> ChunkFrame | None:
    """Return a stream message's chunk however it was decoded; None if it is another part."""
    if isinstance(message, ChunkFrame):
        return message
    if message.WhichOneof("part") != "chunk":
        return None
    chunk = message.chunk  # type: ignore[attr-defined]  # every framed type has it
    return ChunkFrame(chunk.content, chunk.crc32c)


def _parse_chunk(encoded: bytes) -> ChunkFrame | None:
    """Read a chunk in exactly the shape that `serialize` writes; None for any other."""
    if len(encoded) < 2 + _CRC_FIELD_BYTES or encoded[0] != _CHUNK_TAG:
        return None
    chunk_bytes, position = _read_varint(encoded, 1)
    content_position = position + _CRC_FIELD_BYTES
    if position + chunk_bytes != len(encoded) or content_position >= len(encoded):
        return None
    if encoded[position] != _CRC_TAG or encoded[content_position] != _CONTENT_TAG:
        return None
    content_bytes, content_start = _read_varint(encoded, content_position + 1)
    if content_start + content_bytes != len(encoded):
        return None
    crc32c = int.from_bytes(encoded[position + 1 : content_position], "little")
    return ChunkFrame(memoryview(encoded)[content_start:], crc32c)


def _varint(value: int) -> bytes:
    """Encode a length as a base-128 varint."""
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def _read_varint(encoded: bytes, position: int) -> tuple[int, int]:
    """Read a varint; returns its value and the position after it, (-1, 0) if it is broken."""
    value = shift = 0
    while position < len(encoded) and shift <= 28:
        byte = encoded[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte <= 0x7F:
            return value, position
        shift += 7
    return -1, 0
