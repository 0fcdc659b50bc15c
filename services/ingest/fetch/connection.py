"""Connecting to a checked address, and reading from it until a deadline."""

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore

from services.ingest.errors import FetchFailed, UrlRefused
from services.ingest.fetch.addresses import why_not_public
from services.ingest.fetch.allow import AllowList
from services.ingest.fetch.resolve import Resolve, look_up

MAX_ADDRESSES = 4  # of one host that are tried
# Where web servers are. Other ports belong to other protocols, which a request of
# somebody's choice must not be sent to.
PORTS = frozenset((80, 443, 8080, 8443))


class CheckedBackend(httpcore.NetworkBackend):
    """Opens connections to public addresses only, and keeps one deadline for all of them.

    A host is looked up once per connection; the very addresses that were checked
    are connected to, so a name that answers differently the next time gains nothing.

    Attributes:
        deadline: on the clock of `time.monotonic`.
    """

    def __init__(
        self, allow: AllowList, resolve: Resolve, deadline: float, connect_timeout_s: float
    ) -> None:
        self._allow = allow
        self._resolve = resolve
        self._connect_timeout_s = connect_timeout_s
        self.deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  # the deadline rules
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that answers.

        Raises:
            UrlRefused: any of its addresses is not public. One that is not is reason
                enough: a name at both kinds is what an attack looks like. Or the port
                is none where web servers are.
            FetchFailed: none answered in time.
        """
        addresses = self.look_up(host, port)
        failure: Exception | None = None
        for address in addresses[:MAX_ADDRESSES]:
            timeout_s = min(self._connect_timeout_s, remaining_s(self.deadline))
            try:
                stream = httpcore.SyncBackend().connect_tcp(
                    address, port, timeout_s, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            try:  # what the socket says, should address and connection ever differ
                self._check(host, stream.get_extra_info("server_addr")[0], port)
            except UrlRefused:
                stream.close()
                raise
            return DeadlineStream(stream, self.deadline)
        raise FetchFailed(f"{host} does not answer on port {port}", host=host) from failure

    def look_up(self, host: str, port: int) -> list[str]:
        """Return the host's addresses, all of which may be connected to.

        Raises:
            UrlRefused: one of them may not.
            NotFetchable: there is no such host.
            FetchFailed: the resolver did not answer in time.
        """
        addresses = look_up(host, port, self._resolve, remaining_s(self.deadline))
        for address in addresses:
            self._check(host, address, port)
        return addresses

    def _check(self, host: str, address: str, port: int) -> None:
        """Refuse an address that is neither public nor allowed, and odd ports of public ones.

        The address itself stays unsaid: it would tell a caller about the inner network.
        """
        if self._allow.has_host(host) or self._allow.has_address(address):
            return
        if what := why_not_public(address):
            raise UrlRefused(f"{host} is not on the public network ({what} address)", host=host)
        if port not in PORTS:
            raise UrlRefused(f"port {port} is not fetched from, only {sorted(PORTS)}", host=host)


class DeadlineStream(httpcore.NetworkStream):
    """A connection whose every operation gets what time is left, so that a drip ends too."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there, as long as there is time."""
        return self._stream.read(max_bytes, self._timeout_s(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all, as long as there is time."""
        self._stream.write(buffer, self._timeout_s(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Shake hands; the certificate must be the host's, not the address's."""
        secured = self._stream.start_tls(ssl_context, server_hostname, self._timeout_s(timeout))
        return DeadlineStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """Pass on what httpcore asks for."""
        return self._stream.get_extra_info(info)

    def _timeout_s(self, timeout: float | None) -> float:
        left_s = remaining_s(self._deadline)
        return left_s if timeout is None else min(timeout, left_s)


def remaining_s(deadline: float) -> float:
    """Return the seconds until the deadline.

    Raises:
        FetchFailed: it has passed.
    """
    left_s = deadline - time.monotonic()
    if left_s <= 0:
        raise FetchFailed("the fetch took longer than it may")
    return left_s
