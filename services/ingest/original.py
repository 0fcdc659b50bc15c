"""The original's way into the store, beside the one to imaging."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait

import stamina

from services.ingest.derivatives import is_transient
from services.ingest.replay import Replay
from services.ingest.tee import Tee
from tintype.framing import Buffer
from tintype.storage.client import StorageClient
from tintype.storage.v1 import storage_pb2

# How much later than its deadline a put may be known to have failed.
_LATE_S = 1.0


class Original:
    """One original that is being put. Its stream ends only once it was accepted.

    If storage is away it is put again, as long as all of its bytes are still held. What
    ends it in failure breaks the tee off.
    """

    def __init__(
        self, storage: StorageClient, tee: Tee, reader: int, remaining_s: Callable[[], float]
    ) -> None:
        """Put nothing yet.

        Args:
            storage: where to.
            tee: what the bytes come from.
            reader: which of its readers this is.
            remaining_s: how long the ingest may still take.
        """
        self._storage = storage
        self._tee = tee
        self._bytes = Replay(tee.read(reader))
        self._remaining_s = remaining_s
        self._accepted = threading.Event()
        self._put: Future[storage_pb2.ObjectInfo] = Future()

    def begin(self, key: str, content_type: str) -> None:
        """Put it, in a thread of its own."""
        thread = ThreadPoolExecutor(1, thread_name_prefix="original")
        self._put = thread.submit(self._run, key, content_type)
        thread.shutdown(wait=False)

    def accept(self) -> None:
        """Let it become visible once all of its bytes are there."""
        self._accepted.set()

    def info(self) -> storage_pb2.ObjectInfo:
        """Wait until it is durable; return what the store says of it."""
        return self._put.result(self._remaining_s() + _LATE_S)

    def has_failed(self) -> bool:
        """Tell whether it will not be durable any more."""
        return self._put.done() and self._put.exception() is not None

    def wait(self) -> None:
        """Wait until nothing more is stored, whether it is durable or not."""
        wait([self._put], self._remaining_s() + _LATE_S)

    def _run(self, key: str, content_type: str) -> storage_pb2.ObjectInfo:
        try:
            for attempt in stamina.retry_context(
                on=lambda error: self._bytes.possible and is_transient(error),
                attempts=None,
                timeout=self._remaining_s(),
                wait_max=0.5,
            ):
                with attempt:
                    self._tee.check()
                    return self._storage.put(
                        key,
                        self._held_back(),
                        content_type=content_type,
                        timeout_s=self._remaining_s(),
                    )
        except BaseException as failure:
            self._tee.break_off(failure)
            raise
        raise AssertionError("the last attempt returns or raises")

    def _held_back(self) -> Iterator[Buffer]:
        yield from self._bytes
        while not self._accepted.wait(0.05):
            self._tee.check()
