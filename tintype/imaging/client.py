"""A client of the imaging service."""

from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self

from google.protobuf.message import Message

from tintype.channel import Stub, open_channel
from tintype.errors import client_errors
from tintype.framing import Buffer
from tintype.imaging.receiving import Processed, Rendition, Responses, open_rendition
from tintype.imaging.v1 import imaging_pb2 as pb
from tintype.streams import OutgoingFile, Totals

# Binary, because owners may have any characters; services/imaging/desk.py reads it.
_OWNER_KEY = "tintype-owner-bin"
__all__ = ["ImagingClient", "Processed", "Rendition"]


class ImagingClient:
    """Calls one imaging service. Safe to share between threads; close it at the end.

    Every method raises `tintype.errors.TintypeError`. `timeout_s` bounds a whole call
    in seconds; None: it may take as long as it takes. `owner` is whom the call is for,
    when the caller serves many: the service is fair between owners.
    """

    def __init__(self, address: str) -> None:
        self._channel = open_channel(address)
        service = pb.DESCRIPTOR.services_by_name["ImagingService"]
        self._stub = Stub(self._channel, service)

    def process(
        self,
        chunks: Iterable[Buffer],
        spec: pb.ProcessSpec,
        *,
        timeout_s: float | None = None,
        owner: str = "",
    ) -> Processed:
        """Make renditions of an image; returns as soon as its facts are there.

        Args:
            chunks: the encoded image, in runs of any size.
            spec: what is asked for.
            timeout_s: as for the class.
            owner: as for the class.
        """
        sent = _outgoing(pb.ProcessRequest, pb.ProcessRequest(spec=spec), chunks)
        responses = Responses(self._stub.Process(iter(sent), **_options(timeout_s, owner)), sent)
        return Processed(responses)

    def inspect(
        self,
        chunks: Iterable[Buffer],
        options: pb.DecodeOptions | None = None,
        *,
        timeout_s: float | None = None,
        owner: str = "",
    ) -> pb.ImageFacts:
        """Tell what an image is, without looking at its pixels."""
        first = pb.InspectRequest(options=options or pb.DecodeOptions())
        sent = _outgoing(pb.InspectRequest, first, chunks)
        response: pb.InspectResponse = _unary(self._stub.Inspect, sent, _options(timeout_s, owner))
        return response.facts

    def palette(
        self,
        chunks: Iterable[Buffer],
        size: int = 5,
        *,
        timeout_s: float | None = None,
        owner: str = "",
    ) -> list[pb.Color]:
        """Sample `size` colours of an image, largest share first."""
        first = pb.PaletteRequest(options=pb.PaletteOptions(palette_size=size))
        sent = _outgoing(pb.PaletteRequest, first, chunks)
        response: pb.PaletteResponse = _unary(self._stub.Palette, sent, _options(timeout_s, owner))
        return list(response.colors)

    def resize(
        self,
        chunks: Iterable[Buffer],
        spec: pb.ResizeSpec,
        *,
        timeout_s: float | None = None,
        owner: str = "",
    ) -> Rendition:
        """Make one rendition of an image; read its chunks to their end."""
        sent = _outgoing(pb.ResizeRequest, pb.ResizeRequest(spec=spec), chunks)
        responses = Responses(self._stub.Resize(iter(sent), **_options(timeout_s, owner)), sent)
        return open_rendition(responses, responses.next())

    def close(self) -> None:
        """Close the channel."""
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
        """Close."""
        self.close()


def _outgoing(request: Any, first: Message, chunks: Iterable[Buffer]) -> OutgoingFile:
    def finish(totals: Totals) -> Message:
        end = pb.Finish(size_bytes=totals.size_bytes, crc32c=totals.crc32c)
        message: Message = request(finish=end)
        return message

    return OutgoingFile(first, chunks, finish)


def _options(timeout_s: float | None, owner: str) -> dict[str, Any]:
    """Return the options of a call."""
    metadata = ((_OWNER_KEY, owner.encode()),) if owner else ()
    return {"timeout": timeout_s, "metadata": metadata}


def _unary(method: Any, sent: OutgoingFile, options: dict[str, Any]) -> Any:
    """Make a call that is answered with one message."""
    with client_errors(sent):
        return method(iter(sent), **options)
