"""A mixed load that times every call, and knows what must be there afterwards."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tintype.errors import DeadlineExceeded, Unavailable
from tintype.storage.client import StorageClient

MIB = 1024 * 1024
SMALL_BYTES = 64 * 1024
# More than one part of a multipart upload.
LARGE_BYTES = 9 * MIB
# What a call may end with while the network is broken.
_EXPECTED = (Unavailable, DeadlineExceeded)


def content_of(number: int, size_bytes: int) -> bytes:
    """Return bytes that can be made again."""
    return random.Random(number).randbytes(SMALL_BYTES) * (size_bytes // SMALL_BYTES)


@dataclass
class Caller:
    """Puts, reads, lists and deletes keys of its own until it is told to stop.

    Attributes:
        timeout_s: deadline of every call.
        known: what must be there, size and number by key.
        unsure: keys of which a call did not say how it ended.
        longest_s: the longest call.
        outcomes: how calls ended, by kind and class.
        failure: a broken promise; the caller has stopped.
    """

    client: StorageClient
    name: str
    timeout_s: float
    stop: threading.Event
    known: dict[str, tuple[int, int]] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    longest_s: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    failure: BaseException | None = None

    def run(self) -> None:
        """Call, one thing after the other."""
        chance = random.Random(self.name)
        number = 0
        try:
            while not self.stop.is_set():
                number += 1
                kind = chance.choice(("small", "small", "large", "read", "read", "list", "delete"))
                self._timed(kind, lambda n=number, k=kind: self._act(k, n, chance))
        except BaseException as failure:
            self.failure = failure

    def _timed(self, kind: str, act: Callable[[], None]) -> None:
        """Make a call; it may fail, but only in the expected ways and not late."""
        started = time.monotonic()
        outcome = "ok"
        try:
            act()
        except _EXPECTED as error:
            outcome = type(error).__name__
        took_s = time.monotonic() - started
        self.longest_s = max(self.longest_s, took_s)
        self.outcomes[f"{kind} {outcome}"] += 1

    def _act(self, kind: str, number: int, chance: random.Random) -> None:
        """Make one call."""
        if kind == "list":
            self.client.list_page(self.name, timeout_s=self.timeout_s)
        elif kind in {"small", "large"}:
            self._put(f"{self.name}/{number}", number, kind)
        elif self.known:
            key = chance.choice(list(self.known))
            if kind == "read":
                self.verify(key)
            else:
                self._delete(key)

    def _put(self, key: str, number: int, kind: str) -> None:
        size_bytes = SMALL_BYTES if kind == "small" else LARGE_BYTES
        content = content_of(number, size_bytes)
        self.unsure.add(key)
        self.client.put(key, _chunks(content), timeout_s=self.timeout_s)
        self.unsure.discard(key)
        self.known[key] = (number, size_bytes)

    def _delete(self, key: str) -> None:
        self.unsure.add(key)
        del self.known[key]
        self.client.delete(key, timeout_s=self.timeout_s)
        self.unsure.discard(key)

    def verify(self, key: str) -> None:
        """Read what must be there; anything else than these bytes is a broken promise."""
        with self.client.get(key, timeout_s=self.timeout_s) as reader:
            content = reader.read()
        assert content == content_of(*self.known[key]), f"{key} has other bytes"

    def settle(self) -> None:
        """Read back what nobody is sure of: whole or not there."""
        for key in self.unsure:
            reader = self.client.get_or_none(key, timeout_s=self.timeout_s)
            if reader is None:
                continue
            with reader:
                content = reader.read()
            number = int(key.rpartition("/")[2])
            assert content in {content_of(number, size) for size in (SMALL_BYTES, LARGE_BYTES)}


def _chunks(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), MIB):
        yield content[start : start + MIB]
