"""The servicer's own rules, message by message, without a network."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import grpc_testing
import pytest
from crc32c import crc32c

from services.rpc.errors import ChecksumMismatch, IncompleteStream, InvalidRequest, SizeMismatch
from services.storage.servicer import StorageServicer
from services.storage.settings import StorageSettings
from services.storage.stores import open_stores
from storage.errors import InvalidRange, ObjectNotFound, UploadNotFound
from tintype.framing import ChunkFrame
from tintype.storage.v1 import storage_pb2 as pb

SERVICE = pb.DESCRIPTOR.services_by_name["StorageService"]
MIB = 1024 * 1024


class Server:
    """grpcio-testing's server around the servicer, with errors raised as they are."""

    def __init__(self, servicer: StorageServicer) -> None:
        self._failure: Exception | None = None
        self._server = grpc_testing.server_from_dictionary(
            {SERVICE: self._keeping_failures(servicer)}, grpc_testing.strict_real_time()
        )

    def unary(self, name: str, request: Any) -> Any:
        call = self._server.invoke_unary_unary(SERVICE.methods_by_name[name], (), request, None)
        response, _, code, _ = call.termination()
        return self._answer(response, code)

    def put(self, *requests: pb.PutRequest | ChunkFrame) -> pb.ObjectInfo:
        call = self._server.invoke_stream_unary(SERVICE.methods_by_name["Put"], (), None)
        for request in requests:
            call.send_request(request)
        call.requests_closed()
        response, _, code, _ = call.termination()
        return self._answer(response, code).info

    def get(self, **fields: Any) -> tuple[pb.GetHeader, bytes]:
        request = pb.GetRequest(**fields)
        call = self._server.invoke_unary_stream(SERVICE.methods_by_name["Get"], (), request, None)
        messages = []
        while True:
            try:
                messages.append(call.take_response())
            except ValueError:  # no more
                break
        self._answer(None, call.termination()[1])
        chunks = [pb.GetResponse.FromString(message).chunk for message in messages[1:]]
        assert all(crc32c(chunk.content) == chunk.crc32c for chunk in chunks)
        return messages[0].header, b"".join(chunk.content for chunk in chunks)

    def _answer(self, response: Any, code: grpc.StatusCode) -> Any:
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure
        assert code is grpc.StatusCode.OK
        return response

    def _keeping_failures(self, servicer: StorageServicer) -> Any:
        class Keeping:
            def __getattr__(_, name: str) -> Any:  # noqa: N805  # `self` is the server
                method = getattr(servicer, name)
                streams = SERVICE.methods_by_name[name].server_streaming
                return self._stream(method) if streams else self._call(method)

        return Keeping()

    def _call(self, method: Any) -> Any:
        def kept(request: Any, context: Any) -> Any:
            try:
                return method(request, context)
            except Exception as failure:
                self._failure = failure
                raise

        return kept

    def _stream(self, method: Any) -> Any:
        def kept(request: Any, context: Any) -> Iterator[Any]:
            try:
                yield from method(request, context)
            except Exception as failure:
                self._failure = failure
                raise

        return kept


@pytest.fixture
def server(tmp_path: Path) -> Server:
    settings = StorageSettings(data_dir=tmp_path, public_base_url="https://media.example")
    stores = open_stores(settings)
    return Server(StorageServicer(stores.store, stores.signer, settings.upload_ttl))


def header(key: str = "k", **fields: Any) -> pb.PutRequest:
    return pb.PutRequest(header=pb.PutHeader(key=key, **fields))


def chunk(content: bytes) -> pb.PutRequest:
    return pb.PutRequest(chunk=pb.Chunk(content=content, crc32c=crc32c(content)))


def finish(content: bytes, sha256: bytes = b"") -> pb.PutRequest:
    return pb.PutRequest(
        finish=pb.PutFinish(size_bytes=len(content), crc32c=crc32c(content), sha256=sha256)
    )


def put(server: Server, content: bytes, **fields: Any) -> pb.ObjectInfo:
    chunks = [chunk(content[at : at + MIB]) for at in range(0, len(content), MIB)]
    return server.put(header(**fields), *chunks, finish(content))


def test_put_then_get_head_and_getbytes(server: Server) -> None:
    content = bytes(range(256)) * 10_000
    info = put(server, content, content_type="image/png", user_metadata={"a": "b"})
    found, read = server.get(key="k")
    assert read == content
    assert found.info == info == server.unary("Head", pb.HeadRequest(key="k")).info
    assert (found.offset, found.length_bytes) == (0, len(content))
    assert (info.size_bytes, info.crc32c) == (len(content), crc32c(content))
    answer = server.unary("GetBytes", pb.GetBytesRequest(key="k", offset=-10, length_bytes=4))
    assert (answer.content, answer.offset) == (content[-10:-6], len(content) - 10)
    assert answer.crc32c == crc32c(answer.content)


def test_framed_chunks_are_taken_too(server: Server) -> None:
    assert server.put(header(), ChunkFrame(b"abc", crc32c(b"abc")), finish(b"abc")).size_bytes == 3


@pytest.mark.parametrize(
    ("requests", "error"),
    [
        ((), IncompleteStream),
        ((header(),), IncompleteStream),
        ((header(), chunk(b"abc")), IncompleteStream),
        ((chunk(b"abc"),), InvalidRequest),
        ((header(), header(), finish(b"")), InvalidRequest),
        ((header(), pb.PutRequest(chunk=pb.Chunk(content=b"a")), finish(b"a")), ChecksumMismatch),
        ((header(), chunk(b"abc"), finish(b"abcd")), SizeMismatch),
        ((header(), chunk(b"abc"), finish(b"abd")), ChecksumMismatch),
        ((header(size_bytes=-1), finish(b"")), InvalidRequest),
        ((header(size_bytes=5 * 2**40 + 1), finish(b"")), InvalidRequest),
        ((header(size_bytes=4), chunk(b"abc"), finish(b"abc")), SizeMismatch),
        ((header(content_type="a\nb"), finish(b"")), InvalidRequest),
        ((header(cache_control="\0"), finish(b"")), InvalidRequest),
        ((header(user_metadata={"Upper": ""}), finish(b"")), InvalidRequest),
        ((header(user_metadata={"": "x"}), finish(b"")), InvalidRequest),
        ((header(user_metadata={"a": "b\n"}), finish(b"")), InvalidRequest),
        ((header(user_metadata={"a": "x" * 8192}), finish(b"")), InvalidRequest),
        ((header(upload_offset=3), finish(b"")), InvalidRequest),
    ],
)
def test_a_put_that_is_not_as_it_should_be_stores_nothing(
    server: Server, requests: tuple[pb.PutRequest, ...], error: type[Exception]
) -> None:
    with pytest.raises(error):
        server.put(*requests)
    with pytest.raises(ObjectNotFound):
        server.unary("Head", pb.HeadRequest(key="k"))


def test_an_empty_etag_is_no_condition_that_anything_could_meet(server: Server) -> None:
    """A caller that lost the etag it read must not overwrite whatever is there."""
    put(server, b"abc")
    put(server, b"abc", key="source")
    empty = pb.Precondition(if_etag="")
    asked = pb.PutHeader(key="k", precondition=empty)
    for write in (
        lambda: server.put(pb.PutRequest(header=asked), finish(b"")),
        lambda: server.unary("PutBytes", pb.PutBytesRequest(header=asked)),
        lambda: server.unary("StartUpload", pb.StartUploadRequest(header=asked)),
        lambda: server.unary(
            "Copy", pb.CopyRequest(source_key="source", target_key="k", precondition=empty)
        ),
    ):
        with pytest.raises(InvalidRequest, match="if_etag"):
            write()
    assert server.get(key="k")[1] == b"abc"
    assert put(server, b"def", precondition=pb.Precondition()).size_bytes == 3


def test_user_metadata_may_have_8_kib(server: Server) -> None:
    metadata = {"a": "ü" * 4095, "b": ""}
    assert put(server, b"", user_metadata=metadata).user_metadata == metadata


def test_get_of_what_the_caller_has_sends_nothing(server: Server) -> None:
    info = put(server, b"abc")
    found, read = server.get(key="k", if_none_match=info.etag)
    assert (found.not_modified, found.length_bytes, read) == (True, 0, b"")
    assert found.info == info
    found, read = server.get(key="k", if_none_match="other")
    assert (found.not_modified, found.length_bytes, read) == (False, 3, b"abc")


def test_putbytes_is_a_put(server: Server) -> None:
    digest = hashlib.sha256(b"abc").digest()
    request = pb.PutBytesRequest(
        header=pb.PutHeader(key="k"), content=b"abc", crc32c=crc32c(b"abc"), sha256=digest
    )
    assert server.unary("PutBytes", request).info.sha256 == digest
    assert server.get(key="k")[1] == b"abc"
    request.crc32c ^= 1
    with pytest.raises(ChecksumMismatch):
        server.unary("PutBytes", request)
    with pytest.raises(InvalidRequest, match="use Put"):
        server.unary(
            "PutBytes", pb.PutBytesRequest(header=pb.PutHeader(key="k"), content=bytes(MIB + 1))
        )
    with pytest.raises(InvalidRequest, match="32 bytes, not 3"):
        server.unary("PutBytes", pb.PutBytesRequest(header=pb.PutHeader(key="k"), sha256=b"abc"))


@pytest.mark.parametrize("size_bytes", [0, 2, 4])
def test_putbytes_of_another_size_than_announced_stores_nothing(
    server: Server, size_bytes: int
) -> None:
    header = pb.PutHeader(key="k", size_bytes=size_bytes)
    with pytest.raises(SizeMismatch):
        server.unary("PutBytes", pb.PutBytesRequest(header=header, content=b"abc"))
    with pytest.raises(ObjectNotFound):
        server.unary("Head", pb.HeadRequest(key="k"))
    header.size_bytes = 3
    request = pb.PutBytesRequest(header=header, content=b"abc")
    assert server.unary("PutBytes", request).info.size_bytes == 3


def test_getbytes_of_too_much_points_to_get(server: Server) -> None:
    put(server, bytes(MIB + 1))
    with pytest.raises(InvalidRequest, match="use Get"):
        server.unary("GetBytes", pb.GetBytesRequest(key="k"))
    with pytest.raises(InvalidRequest, match="negative"):
        server.unary("GetBytes", pb.GetBytesRequest(key="k", length_bytes=-1))
    answer = server.unary("GetBytes", pb.GetBytesRequest(key="k", length_bytes=MIB))
    assert len(answer.content) == MIB


def test_list_refuses_what_the_contract_does_not_have(server: Server) -> None:
    for fields in ({"delimiter": "-"}, {"page_size": -1}, {"page_size": 1001}):
        with pytest.raises(InvalidRequest):
            server.unary("List", pb.ListRequest(**fields))


def test_a_page_of_uploads_has_at_most_a_hundred(server: Server) -> None:
    for page_size in (-1, 101):
        with pytest.raises(InvalidRequest, match=f"not {page_size}"):
            server.unary("ListUploads", pb.ListUploadsRequest(page_size=page_size))
    assert server.unary("ListUploads", pb.ListUploadsRequest()) == pb.ListUploadsResponse()


def test_open_uploads_are_listed_page_by_page(server: Server) -> None:
    start = pb.StartUploadRequest(header=pb.PutHeader(key="k"))
    opened = {server.unary("StartUpload", start).upload_id for _ in range(3)}
    first = server.unary("ListUploads", pb.ListUploadsRequest(page_size=2))
    rest = server.unary(
        "ListUploads", pb.ListUploadsRequest(page_size=2, page_token=first.next_page_token)
    )
    assert (len(first.uploads), len(rest.uploads), rest.next_page_token) == (2, 1, "")
    assert {upload.upload_id for upload in (*first.uploads, *rest.uploads)} == opened


def test_copy_onto_itself_is_refused(server: Server) -> None:
    put(server, b"abc")
    with pytest.raises(InvalidRequest):
        server.unary("Copy", pb.CopyRequest(source_key="k", target_key="k"))


def test_a_resumable_upload_goes_on_after_a_broken_stream(server: Server) -> None:
    start = pb.StartUploadRequest(header=pb.PutHeader(key="k", content_type="text/plain"))
    upload_id = server.unary("StartUpload", start).upload_id
    with pytest.raises(IncompleteStream, match="after 6 bytes"):
        server.put(header("", upload_id=upload_id), chunk(b"abc"), chunk(b"def"))
    progress = server.unary("QueryUpload", pb.QueryUploadRequest(upload_id=upload_id))
    assert (progress.persisted_bytes, progress.HasField("info")) == (6, False)
    assert progress.persisted_crc32c == crc32c(b"abcdef")
    # The finish is about the whole object.
    with pytest.raises(SizeMismatch):
        server.put(header("", upload_id=upload_id, upload_offset=6), chunk(b"g"), finish(b"g"))
    with pytest.raises(InvalidRange):
        server.put(header("", upload_id=upload_id, upload_offset=6), finish(b"abcdef"))
    info = server.put(
        header("", upload_id=upload_id, upload_offset=7), chunk(b"hi"), finish(b"abcdefghi")
    )
    assert (info.size_bytes, info.content_type) == (9, "text/plain")
    progress = server.unary("QueryUpload", pb.QueryUploadRequest(upload_id=upload_id))
    assert (progress.persisted_bytes, progress.info) == (9, info)
    with pytest.raises(UploadNotFound):
        server.put(header("", upload_id=upload_id, upload_offset=9), finish(b"abcdefghi"))


def test_what_was_fixed_at_the_start_of_an_upload_is_refused_later(server: Server) -> None:
    start = pb.StartUploadRequest(header=pb.PutHeader(key="k"))
    upload_id = server.unary("StartUpload", start).upload_id
    with pytest.raises(InvalidRequest, match="content_type, key must be empty"):
        server.put(header("k", upload_id=upload_id, content_type="a/b"), finish(b""))
    with pytest.raises(InvalidRequest, match="belong to Put"):
        server.unary(
            "StartUpload", pb.StartUploadRequest(header=pb.PutHeader(key="k", upload_id="x"))
        )


def test_an_aborted_upload_is_gone(server: Server) -> None:
    start = pb.StartUploadRequest(header=pb.PutHeader(key="k"))
    upload_id = server.unary("StartUpload", start).upload_id
    for _ in range(2):
        server.unary("AbortUpload", pb.AbortUploadRequest(upload_id=upload_id))
    with pytest.raises(UploadNotFound):
        server.unary("QueryUpload", pb.QueryUploadRequest(upload_id=upload_id))


def test_sign_url_keeps_to_its_limits(server: Server) -> None:
    signed = server.unary("SignUrl", pb.SignUrlRequest(key="a b/c.jpg"))
    assert signed.url.startswith("https://media.example/signed/a%20b/c.jpg?method=GET&")
    for seconds in (0, -1, 7 * 86400 + 1):
        request = pb.SignUrlRequest(key="k")
        request.expiry.FromSeconds(seconds)
        with pytest.raises(InvalidRequest, match="1 second to 7 days"):
            server.unary("SignUrl", request)
    with pytest.raises(InvalidRequest):
        server.unary("SignUrl", pb.SignUrlRequest(key="k", content_type="a/b"))
    with pytest.raises(InvalidRequest):
        server.unary(
            "SignUrl",
            pb.SignUrlRequest(
                key="k", method=pb.SIGNED_METHOD_PUT, content_disposition="attachment"
            ),
        )
