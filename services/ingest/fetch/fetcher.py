"""One fetch: look up, check, connect, follow redirects, stream the content within limits."""

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import httpcore

from services.ingest.errors import FetchFailed, NotFetchable
from services.ingest.fetch.allow import AllowList
from services.ingest.fetch.connection import CheckedBackend
from services.ingest.fetch.resolve import Resolve, resolve_by_system
from services.ingest.fetch.response import REDIRECTS, check_content, check_status, find_header
from services.ingest.fetch.target import Target, read_redirect, read_target

_HEADERS: dict[bytes | str, bytes | str] = {
    "User-Agent": "tintype",
    "Accept": "*/*",
    # Compressed content is refused: see response.py.
    "Accept-Encoding": "identity",
    "Connection": "close",
}

_CHECK_S = 3.0  # for an early answer


@dataclass(frozen=True)
class Limits:
    """How much of it a fetch may take.

    The head of an answer is bounded by httpcore: 100 KiB.

    Attributes:
        total_s: seconds for everything, redirects and the caller's own pauses included.
        connect_s: seconds for reaching one address.
        idle_s: seconds without a byte.
        redirects: how many are followed.
    """

    total_s: float = 120.0
    connect_s: float = 10.0
    idle_s: float = 30.0
    redirects: int = 5


@dataclass(frozen=True)
class Fetched:
    """What is at a URL.

    Attributes:
        url: the last one, after all redirects.
        content_type: as the server says, which proves nothing.
        size_bytes: as the server announces; None: it does not.
        chunks: the content, to be read once, inside the block of `fetch`. Raises
            FetchFailed when it breaks off and NotFetchable when there is too much.
    """

    url: str
    content_type: str
    size_bytes: int | None
    chunks: Iterator[bytes]


def _trust() -> ssl.SSLContext:
    """Trust the system's authorities and, where an image has none, certifi's."""
    context = httpcore.default_ssl_context()
    context.load_default_certs()
    return context


@dataclass(frozen=True)
class Fetcher:
    """Fetches URLs of the public network. Safe to share between threads.

    Proxies that the environment names are not used: behind one, the address that is
    connected to would be the proxy's choice.

    Attributes:
        allow: what may be fetched although it is not public.
        limits: how much a fetch may take.
        resolve: from host to addresses.
        ssl_context: which authorities vouch for a server.
    """

    allow: AllowList = field(default_factory=AllowList)
    limits: Limits = Limits()
    resolve: Resolve = resolve_by_system
    ssl_context: ssl.SSLContext = field(default_factory=_trust)

    def check(self, url: str) -> None:
        """Look whether a URL may be fetched, without fetching it.

        For an early answer only: the addresses are looked up again when it is fetched.

        Raises:
            UrlRefused: it is none that may be fetched.
        """
        target = read_target(url)
        backend = CheckedBackend(self.allow, self.resolve, time.monotonic() + _CHECK_S, _CHECK_S)
        # What cannot be looked up now may be later; the fetch will tell.
        with suppress(FetchFailed, NotFetchable):
            backend.look_up(target.host, target.port)

    @contextmanager
    def fetch(
        self, url: str, *, max_bytes: int, timeout_s: float | None = None
    ) -> Iterator[Fetched]:
        """Open a URL and follow its redirects; the connection is closed with the block.

        Args:
            url: http or https.
            max_bytes: more content than this is NotFetchable.
            timeout_s: seconds for everything, if less than the limit.

        Raises:
            UrlRefused: the URL or one on the way is not public.
            NotFetchable: there is nothing there that waiting could bring.
            FetchFailed: waiting may help; `retry_after_s` says how long.
        """
        total_s = self.limits.total_s if timeout_s is None else min(self.limits.total_s, timeout_s)
        backend = CheckedBackend(
            self.allow, self.resolve, time.monotonic() + total_s, self.limits.connect_s
        )
        target = read_target(url)
        for _ in range(self.limits.redirects + 1):
            with self._open(target, backend) as response:
                if response.status not in REDIRECTS:
                    check_status(response, target.host)
                    yield Fetched(
                        target.url,
                        find_header(response, b"content-type"),
                        check_content(response, max_bytes, target.host),
                        _read(response, max_bytes, target.host),
                    )
                    return
                location = find_header(response, b"location")
            if not location:
                raise NotFetchable(f"{target.host} redirects to nowhere", host=target.host)
            target = read_redirect(location, target)
        raise NotFetchable(f"{url!r} redirects more than {self.limits.redirects} times")

    @contextmanager
    def _open(self, target: Target, backend: CheckedBackend) -> Iterator[httpcore.Response]:
        """Send one request and give its answer's head."""
        origin = httpcore.Origin(target.scheme.encode(), target.host.encode(), target.port)
        connection = httpcore.HTTPConnection(
            origin, ssl_context=self.ssl_context, network_backend=backend
        )
        url = httpcore.URL(
            scheme=target.scheme, host=target.host, port=target.port, target=target.path
        )
        idle_s = self.limits.idle_s
        with connection:
            with _head_errors(target.host):
                response = connection.handle_request(
                    httpcore.Request(
                        "GET",
                        url,
                        headers={"Host": target.authority, **_HEADERS},
                        extensions={"timeout": {"read": idle_s, "write": idle_s}},
                    )
                )
            yield response


@contextmanager
def _head_errors(host: str) -> Iterator[None]:
    """Say what httpcore raises until an answer's head is there in our own words."""
    try:
        yield
    except httpcore.RemoteProtocolError as error:
        if error.__cause__ is None:  # httpcore's own: the server hung up
            raise FetchFailed(f"{host} hung up without an answer", host=host) from error
        raise NotFetchable(f"{host} does not answer in HTTP: {error}", host=host) from error
    except httpcore.ConnectError as error:
        if isinstance(error.__cause__, ssl.SSLCertVerificationError):
            raise NotFetchable(
                f"the certificate of {host} is not good: {error.__cause__.verify_message}",
                host=host,
            ) from error
        raise FetchFailed(f"no secure connection to {host}: {error}", host=host) from error
    except (httpcore.TimeoutException, httpcore.NetworkError) as error:
        raise FetchFailed(f"{host} did not answer: {error}", host=host) from error


def _read(response: httpcore.Response, max_bytes: int, host: str) -> Iterator[bytes]:
    """Yield the content, counting."""
    size_bytes = 0
    try:
        for chunk in response.iter_stream():
            size_bytes += len(chunk)
            if size_bytes > max_bytes:
                raise NotFetchable(f"{host} sent more than {max_bytes} bytes", host=host)
            if chunk:
                yield chunk
    except (httpcore.ProtocolError, httpcore.TimeoutException, httpcore.NetworkError) as error:
        raise FetchFailed(
            f"{host} broke off after {size_bytes} bytes: {error}", host=host
        ) from error
