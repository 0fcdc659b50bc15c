"""The four processes as one group, run by honcho: they start together and end together."""

import shlex
import signal
import sys
import time
from collections.abc import Callable, Mapping
from threading import Thread
from typing import TextIO

from honcho.manager import Manager
from honcho.printer import Message, Printer

from services.local.child import SIGNALS, Child
from services.local.failure import Failure

NAMES = ("storage", "imaging", "ingest", "edge")
_POLL_S = 0.05
_SIGNAL_EXIT_CODES = (128 + signal.SIGINT, 128 + signal.SIGTERM)


class Log(Printer):  # type: ignore[misc]  # honcho ships no types
    """Writes what the processes say, each line after its process's name.

    Attributes:
        last: the last line of each process.
    """

    def __init__(self, output: TextIO) -> None:
        super().__init__(output, time_format="")  # the lines carry their own time
        self.last: dict[str, str] = {}

    def write(self, message: Message) -> None:
        """Write one line, unless it is honcho's own."""
        if message.name not in NAMES:
            return
        super().write(message)
        text = message.data.decode(errors="replace").strip()
        if text:
            self.last[message.name] = text


class Processes(Manager):  # type: ignore[misc]  # honcho ships no types
    """storage, imaging, ingest and edge. When one ends, honcho ends all.

    `loop` runs in the main thread, everything else may be called from another.
    """

    def __init__(self, environment: Mapping[str, str], log: Log) -> None:
        super().__init__(log)
        self._log = log
        self._process_ctor = Child
        self._ending = False
        self._ended_first: list[str] = []
        for name in NAMES:
            # exec: the signal reaches the process and not a shell before it.
            command = f"exec {shlex.quote(sys.executable)} -m services.{name}"
            self.add_process(name, command, env=dict(environment))

    def run(self, work: Callable[[], None]) -> BaseException | None:
        """Start all, do the work in a second thread, end all; return what the work raised.

        A signal ends all early; what the work then raises is the signal's doing.
        """
        raised: list[BaseException] = []

        def do() -> None:
            try:
                self._wait_started()
                if not self._ending:
                    work()
            except BaseException as error:
                raised.append(error)
            finally:
                self.terminate()

        thread = Thread(target=do, name="work")
        thread.start()
        self.loop()
        thread.join()
        return raised[0] if raised else None

    def check(self) -> None:
        """Fail if a process has ended although nobody told it to.

        Raises:
            Failure: names the process and repeats the last thing it said.
        """
        for name in self._ended_first or self.exit_codes:
            said = self._log.last.get(name, "it said nothing")
            raise Failure(f"{name} stopped (exit code {self.exit_codes[name]}): {said}")

    def wait_ending(self) -> None:
        """Wait until a signal ends all.

        Raises:
            Failure: a process has ended by itself.
        """
        while not self._ending:
            time.sleep(_POLL_S)
        if self.signal_exit_code is None:
            self.check()

    @property
    def signal_exit_code(self) -> int | None:
        """Return the exit code that a SIGINT or SIGTERM asks for; None if none came."""
        return self.returncode if self.returncode in _SIGNAL_EXIT_CODES else None

    @property
    def exit_codes(self) -> dict[str, int]:
        """Return the exit codes of the processes that have ended."""
        return {
            name: process["returncode"]
            for name, process in self._processes.items()
            if "returncode" in process
        }

    def terminate(self) -> None:
        """Tell all to drain; as soon as all have started, because honcho must know them."""
        if not self._ending:
            self._ended_first = list(self.exit_codes)
        self._ending = True
        if self._all_started():
            super().terminate()

    def _start(self) -> None:
        # honcho's own helpers must not die of a Ctrl-C that the terminal sends to all,
        # or nobody would wait for the processes they are about to start.
        handlers = {number: signal.signal(number, signal.SIG_IGN) for number in SIGNALS}
        super()._start()
        for number, handler in handlers.items():
            signal.signal(number, handler)

    def _wait_started(self) -> None:
        while not self._all_started():
            time.sleep(_POLL_S)
        if self._ending:
            super().terminate()
