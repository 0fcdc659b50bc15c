"""One image's way through the service: a place, its bytes, its turn, the worker's events."""

from collections.abc import Iterator
from contextlib import contextmanager

import grpc
from crc32c import crc32c

from imaging.errors import ImageTooLarge, UnsupportedFormat
from imaging.facts import ImageFacts
from imaging.formats import HEAD_BYTES, describe, sniff
from imaging.limits import Limits
from imaging.spec import ProcessSpec
from services.imaging.admission import Admission, Gone
from services.imaging.exchange import Exchange
from services.imaging.pool import CANCELLED, WorkerPool
from services.imaging.worker import Made
from tintype.framing import Buffer, ChunkFrame
from tintype.streams import CHUNK_BYTES

# Who a call is for, when one service calls for many; otherwise the peer's address counts.
_OWNER_KEY = "tintype-owner-bin"


class Desk:
    """Takes calls in and sees them through. Safe to share between threads."""

    def __init__(self, pool: WorkerPool, admission: Admission, limits: Limits) -> None:
        self._pool = pool
        self._admission = admission
        self._limits = limits

    @contextmanager
    def receive(self, context: grpc.ServicerContext) -> Iterator[Exchange]:
        """Give a call a place and something to put its image into."""
        with self._admission.place(_caller(context)), Exchange() as exchange:
            yield exchange

    def fill(self, exchange: Exchange, chunks: Iterator[Buffer]) -> None:
        """Take in the encoded image; what is no image is refused at its first bytes.

        Raises:
            UnsupportedFormat, ImageTooLarge
        """
        for content in chunks:
            if exchange.size_bytes + len(content) > self._limits.max_input_bytes:
                raise ImageTooLarge(f"the image has more than {self._limits.max_input_bytes} bytes")
            # The first chunks may have a byte each; what they begin is known later.
            head_is_new = exchange.size_bytes < HEAD_BYTES
            exchange.append(content)
            if head_is_new and exchange.size_bytes >= HEAD_BYTES:
                _check_head(exchange.read(0, HEAD_BYTES))
        if exchange.size_bytes < HEAD_BYTES:
            _check_head(exchange.read(0, exchange.size_bytes))

    def work(
        self, exchange: Exchange, spec: ProcessSpec, context: grpc.ServicerContext
    ) -> Iterator[ImageFacts | Made]:
        """Wait for a worker and yield what it finds and makes, until the caller leaves."""
        try:
            give_back = self._admission.take_turn(_caller(context), context.add_callback)
        except Gone:
            # Nobody is there to be told.
            return
        try:
            if not context.add_callback(lambda: exchange.tell(CANCELLED)):
                exchange.tell(CANCELLED)
            # The slot is free again when the worker is, however slowly the caller reads.
            yield from self._pool.run(exchange, spec, give_back)
        finally:
            give_back()


def rendition_chunks(exchange: Exchange, made: Made) -> Iterator[ChunkFrame]:
    """Yield a rendition's bytes as they go on the wire."""
    end = made.offset + made.size_bytes
    for start in range(made.offset, end, CHUNK_BYTES):
        content = exchange.read(start, min(CHUNK_BYTES, end - start))
        yield ChunkFrame(content, crc32c(content))


def _check_head(head: bytes) -> None:
    if sniff(head) is None:
        raise UnsupportedFormat(f"not an image that is taken in: it looks like {describe(head)}")


def _caller(context: grpc.ServicerContext) -> str:
    """Say who calls: the owner in the metadata, or the peer without its port."""
    owner = dict(context.invocation_metadata()).get(_OWNER_KEY)
    return repr(owner) if owner else str(context.peer()).rpartition(":")[0]
