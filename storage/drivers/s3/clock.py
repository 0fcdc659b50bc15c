"""The server's time, learnt from its answers.

S3 refuses a request whose signature is 15 minutes off (RequestTimeTooSkewed), and a URL
signed by a fast clock outlives what was asked for. Every answer carries a Date.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime

import structlog

# Below this nobody is warned: networks and whole seconds in Date make as much.
WARN_S = 30.0
_log = structlog.get_logger(__name__)


class ServerClock:
    """This machine's clock, corrected. Safe to share between threads.

    Attributes:
        skew_s: seconds that the server's clock is ahead of this machine's; 0 until an
            answer proves a difference.
        is_known: an answer has told the server's time.
    """

    def __init__(self, local: Callable[[], float]) -> None:
        """Correct `local`, which returns Unix time in seconds."""
        self.skew_s = 0.0
        self.is_known = False
        self._local = local
        self._lock = threading.Lock()

    def now(self) -> float:
        """Return Unix time as the server has it."""
        return self._local() + self.skew_s

    @contextmanager
    def measured(self) -> Iterator[Callable[[str], None]]:
        """Measure with the Date of the answer to the request sent in the block.

        Date was written between the start and the end of the block, and is cut to
        whole seconds, so the skew lies in a range: an answer that was held up tells
        little, and changes nothing unless it contradicts what is known.
        """
        sent = self._local()

        def learn(date: str) -> None:
            received = self._local()
            try:
                server = parsedate_to_datetime(date).timestamp()
            except ValueError:
                return
            self._narrow(server - received, server + 1 - sent)

        yield learn

    def _narrow(self, least: float, most: float) -> None:
        """Keep the skew if it lies between the bounds, else take the nearer bound."""
        with self._lock:
            self.is_known = True
            before = self.skew_s
            self.skew_s = min(max(before, least), most)
            jumped = abs(self.skew_s - before) > WARN_S
        if jumped:
            _log.warning(
                "the clocks of this machine and of the S3 server differ; signing with the server's",
                server_ahead_s=round(self.skew_s),
            )
