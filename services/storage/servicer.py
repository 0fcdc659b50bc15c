"""The storage contract, answered out of a store."""

from collections.abc import Iterator
from functools import partial

import grpc
from crc32c import crc32c
from google.protobuf.message import Message

from services.rpc.errors import ChecksumMismatch, InvalidRequest, SizeMismatch
from services.rpc.receive import IncomingFile
from services.storage.messages import (
    check_no_upload,
    check_sha256,
    conditions,
    object_info,
    put_info,
)
from services.storage.uploads import UploadMethods
from storage.checksums import chunks_of
from storage.store import MAX_LIST_LIMIT, Chunk, ObjectReader
from tintype.errors import Cancelled
from tintype.framing import ChunkFrame, serialize
from tintype.storage.v1 import storage_pb2 as pb

_MAX_MESSAGE_BYTES = 1024 * 1024


class StorageServicer(UploadMethods):
    """Every method of the contract; those of uploads and URLs are in uploads.py."""

    def Put(
        self, requests: Iterator[Message | ChunkFrame], _context: grpc.ServicerContext
    ) -> pb.PutResponse:
        """Store one object from a stream."""
        incoming: IncomingFile[pb.PutHeader] = IncomingFile(requests, "header")
        if incoming.header.upload_id:
            return pb.PutResponse(info=object_info(self._continue(incoming)))
        check_no_upload(incoming.header)
        info = put_info(incoming.header, sha256=lambda: incoming.expected_sha256)
        chunks = self._read_ahead(map(Chunk._make, incoming.frames()))
        return pb.PutResponse(info=object_info(self._store.put(incoming.header.key, chunks, info)))

    def Get(
        self, request: pb.GetRequest, _context: grpc.ServicerContext
    ) -> Iterator[pb.GetResponse | bytes]:
        """Read an object or a range of it as a stream."""
        with self._open(request) as reader:
            header = pb.GetHeader(
                info=object_info(reader.info),
                offset=reader.offset,
                length_bytes=reader.length_bytes,
            )
            if request.if_none_match and request.if_none_match == reader.info.etag:
                header.not_modified = True
                header.length_bytes = 0
                yield pb.GetResponse(header=header)
                return
            yield pb.GetResponse(header=header)
            # Encoded one ahead, so that the next chunk is read while this one is sent.
            yield from self._read_ahead(serialize(ChunkFrame(*chunk)) for chunk in reader)

    def Head(self, request: pb.HeadRequest, _context: grpc.ServicerContext) -> pb.HeadResponse:
        """Read an object's info."""
        return pb.HeadResponse(info=object_info(self._store.head(request.key)))

    def Delete(
        self, request: pb.DeleteRequest, _context: grpc.ServicerContext
    ) -> pb.DeleteResponse:
        """Remove an object."""
        self._store.delete(request.key, request.if_etag)
        return pb.DeleteResponse()

    def List(self, request: pb.ListRequest, _context: grpc.ServicerContext) -> pb.ListResponse:
        """List one page of keys."""
        if request.delimiter not in {"", "/"}:
            raise InvalidRequest(f"delimiter must be '/' or empty, not {request.delimiter!r}")
        if not 0 <= request.page_size <= MAX_LIST_LIMIT:
            raise InvalidRequest(
                f"page_size must be 0 to {MAX_LIST_LIMIT}, not {request.page_size}"
            )
        page = self._store.list(
            request.prefix,
            request.delimiter,
            request.page_token,
            request.page_size or MAX_LIST_LIMIT,
        )
        return pb.ListResponse(
            objects=[object_info(info) for info in page.objects],
            common_prefixes=page.common_prefixes,
            next_page_token=page.next_token,
        )

    def Copy(self, request: pb.CopyRequest, context: grpc.ServicerContext) -> pb.CopyResponse:
        """Copy an object."""
        if request.source_key == request.target_key:
            raise InvalidRequest(f"target_key must not be source_key, {request.source_key!r}")
        info = self._store.copy(
            request.source_key,
            request.target_key,
            conditions(request.precondition),
            request.if_source_etag,
            partial(_check_wanted, context),
        )
        return pb.CopyResponse(info=object_info(info))

    def PutBytes(
        self, request: pb.PutBytesRequest, _context: grpc.ServicerContext
    ) -> pb.PutBytesResponse:
        """Store a small object from one message."""
        content = request.content
        check_no_upload(request.header)
        check_sha256(request.sha256)
        if len(content) > _MAX_MESSAGE_BYTES:
            raise InvalidRequest(
                f"PutBytes takes at most {_MAX_MESSAGE_BYTES} bytes, not {len(content)}: use Put"
            )
        if request.HasField("crc32c") and crc32c(content) != request.crc32c:
            raise ChecksumMismatch("the content does not have its crc32c")
        info = put_info(request.header, sha256=lambda: request.sha256)
        if info.size_bytes not in {None, len(content)}:
            raise SizeMismatch(f"the header says {info.size_bytes} bytes, not {len(content)}")
        stored = self._store.put(request.header.key, chunks_of([content]), info)
        return pb.PutBytesResponse(info=object_info(stored))

    def GetBytes(
        self, request: pb.GetBytesRequest, _context: grpc.ServicerContext
    ) -> pb.GetBytesResponse:
        """Read a small object, or a small range, as one message."""
        with self._open(request) as reader:
            if reader.length_bytes > _MAX_MESSAGE_BYTES:
                raise InvalidRequest(
                    f"GetBytes reads at most {_MAX_MESSAGE_BYTES} bytes, not "
                    f"{reader.length_bytes}: use Get or a length_bytes"
                )
            content = b"".join(chunk.content for chunk in reader)
            return pb.GetBytesResponse(
                info=object_info(reader.info),
                offset=reader.offset,
                content=content,
                crc32c=crc32c(content),
            )

    def _open(self, request: pb.GetRequest | pb.GetBytesRequest) -> ObjectReader:
        """Open the range that a request names."""
        if request.length_bytes < 0:
            raise InvalidRequest(f"length_bytes must not be negative: {request.length_bytes}")
        return self._store.get(request.key, request.offset, request.length_bytes or None)


def _check_wanted(context: grpc.ServicerContext) -> None:
    """Raise `Cancelled` once nobody waits for the answer: the caller left, or its deadline."""
    if not context.is_active():
        raise Cancelled("the call has ended")
