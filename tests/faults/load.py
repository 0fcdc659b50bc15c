"""A steady load of callers who remember everything that was promised to them."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2
import grpc
import numpy as np

from tests.services.ingest.documents.builders import make_pdf
from tintype.errors import TintypeError, from_rpc_error
from tintype.ingest.client import IngestClient
from tintype.ingest.v1 import asset_pb2, ingest_pb2
from tintype.streams import OutgoingFile, Totals

OWNER = "faults"
_TIMEOUT_S = 15


@dataclass
class Ledger:
    """What was promised.

    Attributes:
        promised: by external id, the asset that was acknowledged or accepted, and the
            digest that its original must have.
        refused: how often a call failed, by reason; nothing was promised there.
    """

    promised: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def promise(self, external_id: str, asset: asset_pb2.Asset, digest: bytes) -> None:
        """Remember a promise."""
        with self.lock:
            self.promised[external_id] = (asset.id, digest)

    def refuse(self, error: TintypeError) -> None:
        """Count a call that failed."""
        with self.lock:
            self.refused[error.reason or type(error).__name__] += 1


def picture(seed: int) -> bytes:
    """Make a photograph-like picture; every seed makes another."""
    chance = np.random.default_rng(seed)
    small = chance.integers(0, 256, (9, 16, 3), np.uint8)
    image = cv2.resize(small, (640, 360), interpolation=cv2.INTER_CUBIC)
    return cv2.imencode(".jpg", image)[1].tobytes()


def document(seed: int) -> bytes:
    """Make a document; every seed makes another."""
    return make_pdf([f"document {seed}, page {number}" for number in range(1, 4)])


class _Pictures(BaseHTTPRequestHandler):
    """Serves picture N at /N."""

    def do_GET(self) -> None:
        content = picture(int(self.path.strip("/")))
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def pictures_server() -> Iterator[str]:
    """Serve pictures over HTTP; yields what their URLs begin with."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pictures)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # whoever fetched was killed
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    thread.join()
    server.server_close()


class Load:
    """Callers that bring images, URLs and documents until they are stopped."""

    def __init__(self, addresses: Iterable[str], pictures_url: str, callers: int = 4) -> None:
        self.ledger = Ledger()
        self._addresses = list(addresses)
        self._pictures_url = pictures_url
        self._stop = threading.Event()
        self._seed = 0
        self._threads = [threading.Thread(target=self._call, args=(i,)) for i in range(callers)]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End after the calls that are under way."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _call(self, number: int) -> None:
        chance = random.Random(number)  # repeatable
        kinds: list[Callable[[IngestClient, int], None]] = [
            self._image,
            self._image,
            self._url,
            self._document,
        ]
        clients = [IngestClient(address) for address in self._addresses]
        while not self._stop.is_set():
            with self.ledger.lock:
                self._seed += 1
                seed = self._seed
            kind = chance.choice(kinds)
            # The same one again, here or there, until it is promised.
            while not self._stop.is_set():
                try:
                    kind(chance.choice(clients), seed)
                    break
                except TintypeError as error:
                    self.ledger.refuse(error)
                except grpc.RpcError as error:
                    self.ledger.refuse(from_rpc_error(error))
                self._stop.wait(0.2)
        for client in clients:
            client.close()

    def _image(self, client: IngestClient, seed: int) -> None:
        content = picture(seed)
        options = ingest_pb2.IngestOptions(owner=OWNER, external_id=f"image-{seed}")
        done = client.ingest([content], options, timeout_s=_TIMEOUT_S)
        self.ledger.promise(options.external_id, done.asset, sha256(content).digest())

    def _url(self, client: IngestClient, seed: int) -> None:
        options = ingest_pb2.IngestOptions(owner=OWNER, external_id=f"url-{seed}")
        request = ingest_pb2.IngestUrlRequest(url=f"{self._pictures_url}{seed}", options=options)
        asset = client.stub.IngestUrl(request, timeout=_TIMEOUT_S).asset
        self.ledger.promise(options.external_id, asset, sha256(picture(seed)).digest())

    def _document(self, client: IngestClient, seed: int) -> None:
        content = document(seed)
        options = ingest_pb2.IngestOptions(owner=OWNER, external_id=f"document-{seed}")
        header = ingest_pb2.IngestHeader(options=options)
        first = ingest_pb2.IngestDocumentRequest(header=header)
        sent = iter(OutgoingFile(first, [content], _finish))
        asset = client.stub.IngestDocument(sent, timeout=_TIMEOUT_S).asset
        self.ledger.promise(options.external_id, asset, sha256(content).digest())


def _finish(totals: Totals) -> ingest_pb2.IngestDocumentRequest:
    end = ingest_pb2.Finish(size_bytes=totals.size_bytes, crc32c=totals.crc32c)
    return ingest_pb2.IngestDocumentRequest(finish=end)
