"""The imaging service's methods, from messages to the desk and back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import grpc
from crc32c import crc32c
from google.protobuf.message import Message

from imaging.facts import ImageFacts, inspect
from imaging.limits import Limits
from imaging.spec import ProcessSpec, check_spec
from services.imaging.convert import (
    color_messages,
    facts_message,
    palette_spec,
    process_spec,
    rendition_message,
    resize_spec,
)
from services.imaging.desk import Desk, rendition_chunks
from services.imaging.exchange import Exchange
from services.imaging.worker import Made
from services.rpc.receive import IncomingFile
from tintype.framing import ChunkFrame
from tintype.imaging.v1 import imaging_pb2 as pb

Requests = Iterator[Message | ChunkFrame]


@dataclass(frozen=True)
class ImagingServicer:
    """Implements tintype.imaging.v1.ImagingService."""

    desk: Desk
    limits: Limits

    def Process(  # the proto's name
        self, requests: Requests, context: grpc.ServicerContext
    ) -> Iterator[Message | ChunkFrame]:
        """Make renditions of an image and tell what it shows."""
        with self.desk.receive(context) as exchange:
            incoming = IncomingFile[pb.ProcessSpec](requests, "spec")
            spec = process_spec(incoming.header)
            for event in self._work(exchange, incoming, spec, context):
                if isinstance(event, ImageFacts):
                    yield pb.ProcessResponse(facts=facts_message(event))
                else:
                    yield from _rendition(exchange, event, pb.ProcessResponse)

    def Inspect(self, requests: Requests, context: grpc.ServicerContext) -> pb.InspectResponse:
        """Tell what an image is, from its header."""
        with self.desk.receive(context) as exchange:
            incoming = IncomingFile[pb.DecodeOptions](requests, "options")
            self.desk.fill(exchange, incoming.chunks())
            facts = inspect(
                exchange.read(0, exchange.size_bytes),
                self.limits,
                tolerate_truncated=incoming.header.tolerate_truncated,
            )
            return pb.InspectResponse(facts=facts_message(facts))

    def Palette(self, requests: Requests, context: grpc.ServicerContext) -> pb.PaletteResponse:
        """Sample the colours of an image."""
        with self.desk.receive(context) as exchange:
            incoming = IncomingFile[pb.PaletteOptions](requests, "options")
            spec = palette_spec(incoming.header)
            colors = [
                color
                for event in self._work(exchange, incoming, spec, context)
                if isinstance(event, ImageFacts)
                for color in color_messages(event.colors)
            ]
            return pb.PaletteResponse(colors=colors)

    def Resize(
        self, requests: Requests, context: grpc.ServicerContext
    ) -> Iterator[Message | ChunkFrame]:
        """Make one rendition."""
        with self.desk.receive(context) as exchange:
            incoming = IncomingFile[pb.ResizeSpec](requests, "spec")
            spec = resize_spec(incoming.header)
            for event in self._work(exchange, incoming, spec, context):
                if isinstance(event, Made):
                    yield from _rendition(exchange, event, pb.ResizeResponse)

    def _work(
        self,
        exchange: Exchange,
        incoming: IncomingFile[Any],
        spec: ProcessSpec,
        context: grpc.ServicerContext,
    ) -> Iterator[ImageFacts | Made]:
        """Take the image in and work on it; a wrong spec is refused before it comes."""
        check_spec(spec)
        self.desk.fill(exchange, incoming.chunks())
        yield from self.desk.work(exchange, spec, context)


def _rendition(
    exchange: Exchange,
    made: Made,
    response: type[pb.ProcessResponse | pb.ResizeResponse],
) -> Iterator[Message | ChunkFrame]:
    """Yield the messages of one rendition."""
    yield response(rendition=rendition_message(made.rendition, made.size_bytes))
    checksum = 0
    for frame in rendition_chunks(exchange, made):
        checksum = crc32c(frame.content, checksum)
        yield frame
    yield response(
        rendition_end=pb.RenditionEnd(
            name=made.rendition.name, size_bytes=made.size_bytes, crc32c=checksum
        )
    )
