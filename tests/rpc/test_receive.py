"""The grammar of a file stream, and what breaks it."""

import hashlib
from collections.abc import Iterable, Iterator

import pytest
from crc32c import crc32c
from hypothesis import given
from hypothesis import strategies as st

from services.rpc.errors import ChecksumMismatch, IncompleteStream, InvalidRequest, SizeMismatch
from services.rpc.receive import IncomingFile
from tintype.framing import ChunkFrame
from tintype.storage.v1 import storage_pb2 as pb
from tintype.streams import MAX_CHUNK_BYTES, OutgoingFile, Totals

HEADER = pb.PutRequest(header=pb.PutHeader(key="k"))


def finish(content: bytes, sha256: bytes = b"") -> pb.PutRequest:
    return pb.PutRequest(
        finish=pb.PutFinish(size_bytes=len(content), crc32c=crc32c(content), sha256=sha256)
    )


def frame(content: bytes) -> ChunkFrame:
    return ChunkFrame(content, crc32c(content))


def received(requests: Iterable[object], **options: object) -> bytes:
    incoming = IncomingFile(iter(requests), "header", **options)
    return b"".join(incoming.chunks())


@given(st.lists(st.binary(max_size=3000), max_size=8))
def test_what_is_sent_is_received(runs: list[bytes]) -> None:
    def ending(totals: Totals) -> pb.PutRequest:
        return pb.PutRequest(
            finish=pb.PutFinish(size_bytes=totals.size_bytes, crc32c=totals.crc32c)
        )

    outgoing = OutgoingFile(HEADER, runs, ending)
    incoming = IncomingFile(iter(outgoing), "header", with_sha256=True)
    content = b"".join(incoming.chunks())
    assert content == b"".join(runs)
    assert incoming.sha256 == hashlib.sha256(content).digest()
    assert incoming.totals == outgoing.totals == Totals(len(content), crc32c(content))


def test_long_runs_are_cut_and_empty_ones_left_out() -> None:
    runs = [b"", bytes(2 * MAX_CHUNK_BYTES + 1), b""]
    sent = list(OutgoingFile(HEADER, runs, lambda _: finish(b"")))
    assert [len(chunk.content) for chunk in sent[1:-1]] == [MAX_CHUNK_BYTES, MAX_CHUNK_BYTES, 1]


def test_a_chunk_is_also_taken_as_a_message() -> None:
    chunk = pb.PutRequest(chunk=pb.Chunk(content=b"abc", crc32c=crc32c(b"abc")))
    assert received([HEADER, chunk, finish(b"abc")]) == b"abc"


@pytest.mark.parametrize(
    ("requests", "error", "said"),
    [
        ([], IncompleteStream, "before its header"),
        ([frame(b"a")], InvalidRequest, "first message must be the header"),
        ([pb.PutRequest()], InvalidRequest, "first message must be the header"),
        ([finish(b"")], InvalidRequest, "first message must be the header"),
        ([HEADER], IncompleteStream, "without finish, after 0 bytes"),
        ([HEADER, frame(b"abc")], IncompleteStream, "without finish, after 3 bytes"),
        ([HEADER, HEADER], InvalidRequest, "only chunks and a finish"),
        ([HEADER, pb.PutRequest()], InvalidRequest, "only chunks and a finish"),
        ([HEADER, frame(b"")], InvalidRequest, "1 to 2097152 bytes, not 0"),
        ([HEADER, frame(bytes(MAX_CHUNK_BYTES + 1))], InvalidRequest, "not 2097153"),
        ([HEADER, frame(b"abc"), ChunkFrame(b"d", 1)], ChecksumMismatch, "chunk at byte 3"),
        ([HEADER, frame(b"abc"), finish(b"ab")], SizeMismatch, "says 2 bytes, 3 arrived"),
        ([HEADER, frame(b"abc"), finish(b"abd")], ChecksumMismatch, "crc32c of its finish"),
        ([HEADER, finish(b"", sha256=b"x")], InvalidRequest, "32 bytes, not 1"),
        ([HEADER, finish(b"", sha256=bytes(32))], ChecksumMismatch, "sha256 of its finish"),
    ],
)
def test_a_broken_stream_says_what_is_wrong(
    requests: list[object], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        received(requests, with_sha256=True)


def test_a_wrong_chunk_fails_at_that_chunk_and_not_at_the_end() -> None:
    def requests() -> Iterator[object]:
        yield HEADER
        yield frame(b"good")
        yield ChunkFrame(b"bad", 0)
        pytest.fail("more was asked for")

    chunks = IncomingFile(requests(), "header").chunks()
    assert next(chunks) == b"good"
    with pytest.raises(ChecksumMismatch):
        next(chunks)


def test_more_than_allowed_is_refused_before_it_is_handed_on() -> None:
    chunks = IncomingFile(iter([HEADER, frame(b"abc"), frame(b"de")]), "header", max_bytes=4)
    content = chunks.chunks()
    assert next(content) == b"abc"
    with pytest.raises(InvalidRequest, match="larger than 4 bytes"):
        next(content)


def test_totals_may_begin_before_the_stream() -> None:
    incoming = IncomingFile(iter([HEADER, frame(b"def"), finish(b"abcdef")]), "header")
    incoming.totals = Totals(3, crc32c(b"abc"))
    assert b"".join(incoming.chunks()) == b"def"


def test_the_callers_own_error_is_kept_for_it() -> None:
    def broken() -> Iterator[bytes]:
        yield b"a"
        raise KeyError("mine")

    outgoing = OutgoingFile(HEADER, broken(), lambda _: finish(b""))
    with pytest.raises(KeyError):
        list(outgoing)
    assert isinstance(outgoing.failure, KeyError)
