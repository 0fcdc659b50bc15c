"""How the storage client makes its calls."""

from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self

from tintype.channel import Stub, open_channel
from tintype.errors import TintypeError, client_errors
from tintype.framing import Buffer
from tintype.storage.v1 import storage_pb2 as pb
from tintype.streams import OutgoingFile, Totals


class Calls:
    """A connection to a storage service, and the two ways of asking it something."""

    def __init__(self, address: str) -> None:
        """Connect to "host:port", lazily."""
        self._channel = open_channel(address)
        self._stub = Stub(self._channel, pb.DESCRIPTOR.services_by_name["StorageService"])

    def close(self) -> None:
        """Close the connection; calls that run are cancelled."""
        self._channel.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the client."""
        self.close()

    def _call(self, method: str, request: Any, timeout_s: float | None) -> Any:
        """Make a call of one message each way."""
        with client_errors():
            return getattr(self._stub, method)(request, timeout=timeout_s)

    def _put(
        self,
        header: pb.PutHeader,
        chunks: Iterable[Buffer],
        totals: Totals,
        sha256: bytes,
        timeout_s: float | None,
    ) -> pb.ObjectInfo:
        """Send a put stream; `totals` is what the service has of the object already."""
        outgoing = OutgoingFile(
            pb.PutRequest(header=header),
            chunks,
            lambda sent: pb.PutRequest(
                finish=pb.PutFinish(size_bytes=sent.size_bytes, crc32c=sent.crc32c, sha256=sha256)
            ),
            totals,
        )
        try:
            response: pb.PutResponse = self._call("Put", iter(outgoing), timeout_s)
        except TintypeError:
            # What the caller's own chunks raised; grpc knows it only as a broken stream.
            if outgoing.failure is not None:
                raise outgoing.failure from None
            raise
        return response.info
