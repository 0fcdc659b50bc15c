"""One of the four processes, as honcho's helper process starts it."""

import multiprocessing
import os
import signal
from threading import Thread

from honcho.process import Process

# What ends the whole group.
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Child(Process):  # type: ignore[misc]  # honcho ships no types
    """Runs in a helper process of its own, which passes on what the process says."""

    def run(self, events: object = None, ignore_signals: bool = False) -> None:  # noqa: FBT001, FBT002  # honcho's
        """Start the process and pass on what it says, until it ends."""
        # The helper came to life with these signals ignored. Its child would inherit
        # that, and must not: a handler, unlike an ignored signal, ends at the exec.
        for number in SIGNALS:
            signal.signal(number, lambda *_: None)
        Thread(target=self._end_with_parent, daemon=True).start()
        super().run(events, ignore_signals)

    def _end_with_parent(self) -> None:
        """Drain the process when nobody is left to do so, as after a kill -9 of all above."""
        parent = multiprocessing.parent_process()
        if parent is not None:
            parent.join()
            os.killpg(self._child.pid, signal.SIGTERM)
