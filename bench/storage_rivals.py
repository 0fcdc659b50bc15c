"""What the storage service is measured against, and the service: servers and their clients.

    python -m bench.storage_rivals raw|stub   serves on a free port and prints it

`raw` is bare grpcio: bytes in, bytes out, no message, no checksum, nothing stored.
`stub` is what plainly generated code makes of the storage contract: it builds and
reads every message with grpc's defaults, checks nothing and stores nothing.
"""

import io
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
from minio import Minio

from storage.checksums import chunks_of
from storage.drivers.filesystem import FilesystemStore
from storage.store import PutInfo
from tintype.channel import MESSAGE_OPTIONS
from tintype.storage.client import StorageClient
from tintype.storage.v1 import storage_pb2 as pb
from tintype.storage.v1 import storage_pb2_grpc

MIB = 1024 * 1024
_CONTENT = bytes(range(256)) * (MIB // 256)
_MAX_STREAMS = 32


def runs(size_bytes: int) -> Iterator[bytes]:
    """Yield that many bytes, 1 MiB at a time; the same buffer, so that making it costs nothing."""
    for _ in range(size_bytes // MIB):
        yield _CONTENT
    if size_bytes % MIB:
        yield _CONTENT[: size_bytes % MIB]


# --- bare grpcio ---------------------------------------------------------------------------


class RawServer(grpc.GenericRpcHandler):
    """Takes bytes and forgets them; gives as many bytes as it is asked for."""

    def service(self, details: grpc.HandlerCallDetails) -> Any:
        if details.method == "/raw/put":
            return grpc.stream_unary_rpc_method_handler(self._put)
        return grpc.unary_stream_rpc_method_handler(self._get)

    def _put(self, requests: Iterator[bytes], _context: grpc.ServicerContext) -> bytes:
        return str(sum(len(content) for content in requests)).encode()

    def _get(self, request: bytes, _context: grpc.ServicerContext) -> Iterator[bytes]:
        return runs(int(request))


class RawClient:
    """Puts and gets through bare grpcio."""

    def __init__(self, address: str) -> None:
        self._channel = grpc.insecure_channel(address, options=MESSAGE_OPTIONS)
        self._put = self._channel.stream_unary("/raw/put")
        self._get = self._channel.unary_stream("/raw/get")

    def put(self, _key: str, size_bytes: int) -> None:
        assert int(self._put(runs(size_bytes))) == size_bytes

    def get(self, _key: str, size_bytes: int) -> None:
        assert sum(len(content) for content in self._get(b"%d" % size_bytes)) == size_bytes

    def delete(self, _key: str) -> None:
        """Nothing was kept."""


# --- plainly generated stubs ---------------------------------------------------------------


class StubServer(storage_pb2_grpc.StorageServiceServicer):
    """The contract as generated code serves it."""

    def Put(self, request_iterator: Any, _context: Any) -> pb.PutResponse:  # noqa: N802
        size = sum(len(request.chunk.content) for request in request_iterator)
        return pb.PutResponse(info=pb.ObjectInfo(size_bytes=size))

    def Get(self, request: Any, _context: Any) -> Iterator[pb.GetResponse]:  # noqa: N802
        yield pb.GetResponse(header=pb.GetHeader())
        for content in runs(request.length_bytes):
            yield pb.GetResponse(chunk=pb.Chunk(content=content))


class StubClient:
    """The contract as generated code calls it."""

    def __init__(self, address: str) -> None:
        self._channel = grpc.insecure_channel(address)
        self._stub = storage_pb2_grpc.StorageServiceStub(self._channel)

    def put(self, _key: str, size_bytes: int) -> None:
        messages = (pb.PutRequest(chunk=pb.Chunk(content=content)) for content in runs(size_bytes))
        assert self._stub.Put(messages).info.size_bytes == size_bytes

    def get(self, key: str, size_bytes: int) -> None:
        messages = self._stub.Get(pb.GetRequest(key=key, length_bytes=size_bytes))
        assert sum(len(message.chunk.content) for message in messages) == size_bytes

    def delete(self, _key: str) -> None:
        """Nothing was kept."""


# --- this service --------------------------------------------------------------------------


class ServiceClient:
    """Tintype's own client: every byte checked on both sides, and stored."""

    def __init__(self, address: str) -> None:
        self._client = StorageClient(address)

    def put(self, key: str, size_bytes: int) -> None:
        assert self._client.put(key, runs(size_bytes)).size_bytes == size_bytes

    def get(self, key: str, size_bytes: int) -> None:
        with self._client.get(key) as reader:
            assert sum(len(content) for content in reader) == size_bytes

    def delete(self, key: str) -> None:
        self._client.delete(key)


class MessageClient:
    """Tintype's own client, with the calls that are there for small objects."""

    def __init__(self, address: str) -> None:
        self._client = StorageClient(address)

    def put(self, key: str, size_bytes: int) -> None:
        assert self._client.put_bytes(key, _CONTENT[:size_bytes]).size_bytes == size_bytes

    def get(self, key: str, size_bytes: int) -> None:
        assert len(self._client.get_bytes(key)) == size_bytes

    def delete(self, key: str) -> None:
        self._client.delete(key)


class DriverClient:
    """The filesystem driver in this very process: what the service adds to is this."""

    def __init__(self, folder: Path) -> None:
        self._store = FilesystemStore(folder)

    def put(self, key: str, size_bytes: int) -> None:
        assert self._store.put(key, chunks_of(runs(size_bytes)), PutInfo()).size_bytes

    def get(self, key: str, size_bytes: int) -> None:
        with self._store.get(key) as reader:
            assert sum(len(chunk.content) for chunk in reader) == size_bytes

    def delete(self, key: str) -> None:
        self._store.delete(key)


class MinioClient:
    """minio-py alone, straight to the server, in parts of 8 MiB as the driver sends them."""

    def __init__(self, address: str, access_key: str, secret_key: str) -> None:
        self._client = Minio(address, access_key=access_key, secret_key=secret_key, secure=False)
        self._client.make_bucket("bench")

    def put(self, key: str, size_bytes: int) -> None:
        content = ReadableRuns(size_bytes)
        self._client.put_object(
            "bench", key, content, length=-1, part_size=8 * MIB, num_parallel_uploads=2
        )

    def get(self, key: str, size_bytes: int) -> None:
        response = self._client.get_object("bench", key)
        try:
            assert sum(len(content) for content in response.stream(MIB)) == size_bytes
        finally:
            response.close()
            response.release_conn()

    def delete(self, key: str) -> None:
        self._client.remove_object("bench", key)


class ReadableRuns(io.RawIOBase):
    """`runs` as a file that can only be read."""

    def __init__(self, size_bytes: int) -> None:
        super().__init__()
        self._left_bytes = size_bytes

    def read(self, size: int = -1) -> bytes:
        count = self._left_bytes if size < 0 else min(size, self._left_bytes)
        self._left_bytes -= count
        return _CONTENT[:count] if count <= MIB else b"".join(runs(count))


CLIENTS = {"raw": RawClient, "stub": StubClient, "tintype": ServiceClient}


def main() -> None:
    """Serve one rival until the process is ended."""
    pool = ThreadPoolExecutor(_MAX_STREAMS)
    if sys.argv[1] == "raw":
        # With the options that suit large messages, so that the bound is not too easy.
        server = grpc.server(pool, options=MESSAGE_OPTIONS)
        server.add_generic_rpc_handlers((RawServer(),))
    else:
        server = grpc.server(pool)
        storage_pb2_grpc.add_StorageServiceServicer_to_server(StubServer(), server)
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
