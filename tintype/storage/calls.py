"""How the storage client makes its calls."""

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Self

from tintype.channel import Stub, open_channel
from tintype.errors import TintypeError, client_errors
from tintype.framing import Buffer
from tintype.storage.v1 import storage_pb2 as pb
from tintype.streams import OutgoingFile, Totals

# Known beforehand, or asked for once all content was sent. Empty: none.
Digest = bytes | Callable[[], bytes]


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
        sha256: Digest,
        timeout_s: float | None,
    ) -> pb.ObjectInfo:
        """Send a put stream; `totals` is what the service has of the object already."""

        def finish(sent: Totals) -> pb.PutRequest:
            digest = sha256() if callable(sha256) else sha256
            return pb.PutRequest(
                finish=pb.PutFinish(size_bytes=sent.size_bytes, crc32c=sent.crc32c, sha256=digest)
            )

        outgoing = OutgoingFile(pb.PutRequest(header=header), chunks, finish, totals)
        try:
            response: pb.PutResponse = self._call("Put", iter(outgoing), timeout_s)
        except TintypeError:
            # What the caller's own chunks raised; grpc knows it only as a broken stream.
            if outgoing.failure is not None:
                raise outgoing.failure from None
            raise
        return response.info


def precondition(*, create_only: bool, if_etag: str) -> pb.Precondition | None:
    """Build the condition of a write; None when there is none.

    Raises:
        ValueError: both are given; the contract allows one.
    """
    if create_only and if_etag:
        raise ValueError("create_only and if_etag exclude each other")
    if create_only:
        return pb.Precondition(create_only=True)
    return pb.Precondition(if_etag=if_etag) if if_etag else None
