"""Looking up a host's addresses, within a time limit."""

import socket
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread

from services.ingest.errors import FetchFailed, NotFetchable

# From a host and a port to the addresses to try, best first. Raises OSError.
Resolve = Callable[[str, int], list[str]]


def resolve_by_system(host: str, port: int) -> list[str]:
    """Ask the system's resolver: hosts file, DNS, and literal addresses in every spelling."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    # The same address comes once per protocol; order is the system's preference.
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def look_up(host: str, port: int, resolve: Resolve, timeout_s: float) -> list[str]:
    """Resolve once, waiting at most `timeout_s` seconds.

    The system's resolver cannot be interrupted, so it runs in a thread that is left
    to its own end when it takes too long.

    Raises:
        NotFetchable: there is no such host.
        FetchFailed: the resolver did not answer.
    """
    answers: SimpleQueue[list[str] | Exception] = SimpleQueue()
    Thread(target=_ask, args=(host, port, resolve, answers), daemon=True).start()
    try:
        answer = answers.get(timeout=max(timeout_s, 0))
    except Empty:
        raise FetchFailed(f"looking up {host!r} took too long", host=host) from None
    if isinstance(answer, list) and answer:
        return answer
    if isinstance(answer, socket.gaierror) and answer.errno == socket.EAI_AGAIN:
        raise FetchFailed(f"{host!r} could not be looked up", host=host) from answer
    cause = None if isinstance(answer, list) else answer
    raise NotFetchable(f"there is no host {host!r}", host=host) from cause


def _ask(
    host: str, port: int, resolve: Resolve, answers: SimpleQueue[list[str] | Exception]
) -> None:
    """Put the addresses, or what went wrong, into the queue."""
    try:
        answers.put(resolve(host, port))
    except (OSError, UnicodeError) as error:  # UnicodeError: an over-long label
        answers.put(error)
