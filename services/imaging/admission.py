"""Who may have an image worked on, and whose turn it is."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from imaging.errors import QueueFull

# So much of the queue one caller may have; the rest is kept for others.
_ONE_CALLERS_SHARE = 0.75


class Gone(Exception):
    """The caller left before its turn came."""


@dataclass
class _Ticket:
    """One call's place: waiting until `called`, by its turn or because its caller left."""

    caller: str
    called: threading.Event = field(default_factory=threading.Event)
    has_slot: bool = False
    gone: bool = False
    done: bool = False


class Admission:
    """A bounded queue before a fixed number of slots, fair between callers.

    Callers take turns, however many calls each of them has waiting; the calls of
    one caller go in the order they came. Safe to share between threads.
    """

    def __init__(self, slots: int, places: int) -> None:
        """Make an empty queue.

        Args:
            slots: calls that work at one time.
            places: calls that are in at one time, working or not.
        """
        self._lock = threading.Lock()
        self._free_slots = slots
        self._places = places
        self._callers_share = max(1, int(places * _ONE_CALLERS_SHARE))
        self._inside: dict[str, int] = {}
        # Insertion order is the order of turns: whoever had one goes to the end.
        self._waiting: dict[str, deque[_Ticket]] = {}

    @contextmanager
    def place(self, caller: str) -> Iterator[None]:
        """Hold a place while a call is in.

        Raises:
            QueueFull: there is none, or none for this caller.
        """
        with self._lock:
            mine = self._inside.get(caller, 0)
            if sum(self._inside.values()) >= self._places or mine >= self._callers_share:
                raise QueueFull(f"{sum(self._inside.values())} images are being worked on already")
            self._inside[caller] = mine + 1
        try:
            yield
        finally:
            with self._lock:
                self._inside[caller] -= 1
                if not self._inside[caller]:
                    del self._inside[caller]

    def take_turn(
        self, caller: str, when_gone: Callable[[Callable[[], None]], bool]
    ) -> Callable[[], None]:
        """Wait for a slot and take it; returns what gives it back, once, however often called.

        Args:
            caller: whose turn it is.
            when_gone: called with what to do when the caller leaves; false: it has left.

        Raises:
            Gone: the caller left first; nothing was started.
        """
        ticket = _Ticket(caller)
        with self._lock:
            self._waiting.setdefault(caller, deque()).append(ticket)
            self._call_next()
        if not when_gone(lambda: self._leave(ticket)):
            self._leave(ticket)
        ticket.called.wait()
        if ticket.gone:
            raise Gone(caller)
        return lambda: self._give_back(ticket)

    def _give_back(self, ticket: _Ticket) -> None:
        """Free a ticket's slot, if that was not done yet."""
        with self._lock:
            if ticket.done:
                return
            ticket.done = True
            self._free_slots += 1
            self._call_next()

    def _call_next(self) -> None:
        """Give free slots to the callers whose turn it is."""
        while self._free_slots and self._waiting:
            caller = next(iter(self._waiting))
            tickets = self._waiting.pop(caller)
            ticket = tickets.popleft()
            if tickets:
                self._waiting[caller] = tickets
            self._free_slots -= 1
            ticket.has_slot = True
            ticket.called.set()

    def _leave(self, ticket: _Ticket) -> None:
        """Take a ticket out of the queue, if it still waits."""
        with self._lock:
            if ticket.has_slot:
                return
            ticket.gone = True
            tickets = self._waiting[ticket.caller]
            tickets.remove(ticket)
            if not tickets:
                del self._waiting[ticket.caller]
        ticket.called.set()
