import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st

from tintype.framing import ChunkFrame, as_chunk, deserializer, has_chunk, serialize
from tintype.imaging.v1 import imaging_pb2
from tintype.ingest.v1 import ingest_pb2
from tintype.storage.v1 import storage_pb2

# Every message of the contracts that carries a chunk.
FRAMED = [
    message
    for module in (storage_pb2, imaging_pb2, ingest_pb2)
    for name in module.DESCRIPTOR.message_types_by_name
    if has_chunk(message := getattr(module, name))
]
checksums = st.integers(0, 2**32 - 1)
# Around every length at which a varint grows.
lengths = st.one_of(
    st.integers(0, 300), st.sampled_from([16383, 16384, 2**21 - 20, 2**21 - 1, 2**21])
)


def test_all_stream_messages_are_framed() -> None:
    assert {message.DESCRIPTOR.full_name for message in FRAMED} == {
        f"tintype.{name}"
        for name in (
            "storage.v1.PutRequest",
            "storage.v1.GetResponse",
            "imaging.v1.ProcessRequest",
            "imaging.v1.ProcessResponse",
            "imaging.v1.InspectRequest",
            "imaging.v1.PaletteRequest",
            "imaging.v1.ResizeRequest",
            "imaging.v1.ResizeResponse",
            "ingest.v1.IngestRequest",
            "ingest.v1.IngestDocumentRequest",
        )
    }


@pytest.mark.parametrize("message_type", FRAMED, ids=lambda kind: kind.DESCRIPTOR.full_name)
@given(length=lengths, crc32c=checksums)
def test_a_frame_is_byte_for_byte_what_the_generated_code_writes(
    message_type: type, length: int, crc32c: int
) -> None:
    content = bytes(length)
    generated = message_type()
    generated.chunk.content = content
    generated.chunk.crc32c = crc32c
    encoded = generated.SerializeToString()
    framed = serialize(ChunkFrame(content, crc32c))
    if length and crc32c:
        assert framed == encoded
    # Zero and empty are left out by the generated code; both read the same.
    for reader, written in (
        (message_type.FromString, framed),
        (deserializer(message_type), encoded),
    ):
        chunk = as_chunk(reader(written))
        assert chunk is not None
        assert (bytes(chunk.content), chunk.crc32c) == (content, crc32c)


@given(content=st.binary(min_size=1, max_size=5000), crc32c=checksums)
def test_a_frame_is_read_without_copying(content: bytes, crc32c: int) -> None:
    decoded = deserializer(storage_pb2.PutRequest)(serialize(ChunkFrame(content, crc32c)))
    assert isinstance(decoded, ChunkFrame)
    assert isinstance(decoded.content, memoryview)
    assert decoded == (content, crc32c)


@given(content=st.binary(max_size=50), view=st.sampled_from([bytes, bytearray, memoryview]))
def test_every_kind_of_buffer_is_written_alike(content: bytes, view: type) -> None:
    assert serialize(ChunkFrame(view(content), 7)) == serialize(ChunkFrame(content, 7))


def test_other_parts_and_other_legal_encodings_go_through_the_generated_code() -> None:
    decode = deserializer(storage_pb2.PutRequest)
    header = storage_pb2.PutRequest(header=storage_pb2.PutHeader(key="k"))
    assert decode(header.SerializeToString()) == header
    assert decode(b"") == storage_pb2.PutRequest()
    chunk = storage_pb2.Chunk(content=b"abc", crc32c=5)
    # The same fields in the other order, and with an overlong length.
    content_first = b"\x12\x0a" + b"\x12\x03abc" + b"\x0d\x05\x00\x00\x00"
    overlong = b"\x12\x8b\x00" + b"\x0d\x05\x00\x00\x00" + b"\x12\x83\x00abc"
    for encoded in (content_first, overlong):
        decoded = as_chunk(decode(encoded))
        assert decoded is not None
        assert decoded == (chunk.content, chunk.crc32c)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_read_as_the_generated_code_reads_them(encoded: bytes) -> None:
    _reads_alike(encoded)


@given(
    content=st.binary(max_size=40),
    crc32c=checksums,
    position=st.integers(0, 60),
    byte=st.integers(0, 255),
    cut=st.integers(0, 60),
)
def test_damaged_frames_read_as_the_generated_code_reads_them(
    content: bytes, crc32c: int, position: int, byte: int, cut: int
) -> None:
    encoded = bytearray(serialize(ChunkFrame(content, crc32c)))
    encoded[position % len(encoded)] = byte
    _reads_alike(bytes(encoded))
    _reads_alike(bytes(encoded[:cut]))


def _reads_alike(encoded: bytes) -> None:
    try:
        expected = storage_pb2.PutRequest.FromString(encoded)
    except DecodeError:
        with pytest.raises(DecodeError):
            deserializer(storage_pb2.PutRequest)(encoded)
        return
    decoded = deserializer(storage_pb2.PutRequest)(encoded)
    if isinstance(decoded, ChunkFrame):
        assert expected.WhichOneof("part") == "chunk"
        assert decoded == (expected.chunk.content, expected.chunk.crc32c)
    else:
        assert decoded == expected
