"""Fetching from real web servers, well-behaved and hostile."""

import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

import httpcore
import pytest
import trustme

from services.ingest.errors import FetchFailed, NotFetchable, UrlRefused
from services.ingest.fetch.allow import AllowList, parse_allow_list
from services.ingest.fetch.fetcher import Fetched, Fetcher, Limits
from services.ingest.fetch.resolve import Resolve, resolve_by_system

Serve = Callable[..., Any]
LOOPBACK = parse_allow_list("127.0.0.1")
TRUST = httpcore.default_ssl_context()  # reading all authorities takes a while: once
OK = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 5\r\n\r\nhello"


def resolve_test_names(host: str, port: int) -> list[str]:
    """Put every `.test` name at 127.0.0.1."""
    return ["127.0.0.1"] if host.endswith(".test") else resolve_by_system(host, port)


def make_fetcher(
    allow: AllowList = LOOPBACK,
    *,
    resolve: Resolve = resolve_test_names,
    trust: ssl.SSLContext = TRUST,
    **limits: Any,
) -> Fetcher:
    """Make an impatient fetcher that may reach this machine."""
    limits = {"total_s": 5.0, "connect_s": 1.0, "idle_s": 2.0, **limits}
    return Fetcher(allow=allow, limits=Limits(**limits), resolve=resolve, ssl_context=trust)


def fetch_all(fetcher: Fetcher, url: str, max_bytes: int = 1_000_000) -> tuple[Fetched, bytes]:
    """Fetch to the end."""
    with fetcher.fetch(url, max_bytes=max_bytes) as fetched:
        return fetched, b"".join(fetched.chunks)


def test_content_arrives_with_what_the_server_says_of_it(serve: Serve) -> None:
    server = serve(OK)
    fetched, content = fetch_all(make_fetcher(), server.url + "a?b=c")
    assert (content, fetched.content_type, fetched.size_bytes) == (b"hello", "image/png", 5)
    assert fetched.url == server.url + "a?b=c"
    lines = server.requests[0].split(b"\r\n")
    assert lines[0] == b"GET /a?b=c HTTP/1.1"
    assert f"Host: web.test:{server.port}".encode() in lines
    assert b"Accept-Encoding: identity" in lines


def test_chunked_content_of_unknown_size_arrives_whole(serve: Serve) -> None:
    server = serve(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    )
    fetched, content = fetch_all(make_fetcher(), server.url)
    assert (fetched.size_bytes, content) == (None, b"abcde")


def test_tls_is_for_the_name_although_the_address_is_connected_to(
    serve: Serve, authority: trustme.CA
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("web.test").configure_cert(tls)
    names: list[str] = []
    tls.sni_callback = lambda _socket, name, _context: names.append(name)
    server = serve(OK, tls)
    trust = httpcore.default_ssl_context()
    authority.configure_trust(trust)
    url = server.url.replace("http:", "https:")
    assert fetch_all(make_fetcher(trust=trust), url)[1] == b"hello"
    assert names == ["web.test"]
    with pytest.raises(NotFetchable, match=r"certificate of web\.test is not good"):
        fetch_all(make_fetcher(), url)
    with pytest.raises(NotFetchable, match=r"certificate of other\.test is not good"):
        fetch_all(make_fetcher(trust=trust), url.replace("web.test", "other.test"))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "localhost",
        "0.0.0.0",  # noqa: S104  # to be refused
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::1]",
        "[fe80::1%25lo]",
        "169.254.169.254",
        "10.0.0.1",
        "100.64.0.1",
    ],
)
def test_no_spelling_of_an_inner_address_is_connected_to(host: str) -> None:
    with pytest.raises(UrlRefused, match=r"not on the public network|no URL"):
        fetch_all(make_fetcher(AllowList()), f"http://{host}/")


@pytest.mark.parametrize(
    "inner", ["http://10.0.0.1/", "http://[::1]/", "//127.0.0.2/", "http://inner.test:8080/"]
)
def test_a_redirect_to_an_inner_address_is_refused(serve: Serve, inner: str) -> None:
    server = serve(f"HTTP/1.1 302 Found\r\nLocation: {inner}\r\nContent-Length: 0\r\n\r\n".encode())
    fetcher = make_fetcher(parse_allow_list("web.test"))
    with pytest.raises(UrlRefused, match="not on the public network"):
        fetch_all(fetcher, server.url)
    assert len(server.requests) == 1


def test_a_name_that_answers_differently_the_second_time_gains_nothing(serve: Serve) -> None:
    server = serve(OK)
    answers = iter([["127.0.0.1"], ["127.0.0.9"], ["127.0.0.9"]])
    fetcher = make_fetcher(resolve=lambda *_: next(answers))
    assert fetch_all(fetcher, server.url)[1] == b"hello"
    with pytest.raises(UrlRefused, match="loopback"):
        fetch_all(fetcher, server.url)
    assert len(server.requests) == 1


@pytest.mark.parametrize("port", [22, 25, 6379, 65535])
def test_a_port_where_no_web_server_is_expected_is_refused(port: int) -> None:
    fetcher = make_fetcher(resolve=lambda *_: ["8.8.8.8"])
    with pytest.raises(UrlRefused, match=f"port {port} is not fetched from"):
        fetch_all(fetcher, f"http://public.example:{port}/")


def test_one_inner_address_among_public_ones_is_reason_enough() -> None:
    fetcher = make_fetcher(resolve=lambda *_: ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(UrlRefused, match="private"):
        fetch_all(fetcher, "http://both.example/")


def test_what_the_socket_is_connected_to_is_checked_too(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(OK)
    connect = httpcore.SyncBackend.connect_tcp

    def diverted(self: Any, _host: str, _port: int, *rest: Any) -> httpcore.NetworkStream:
        streams.append(connect(self, "127.0.0.1", server.port, *rest))
        return streams[-1]

    streams: list[httpcore.NetworkStream] = []
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", diverted)
    with pytest.raises(UrlRefused, match="loopback"):
        fetch_all(
            make_fetcher(AllowList(), resolve=lambda *_: ["8.8.8.8"]), "http://public.example/"
        )
    assert streams[0].get_extra_info("socket").fileno() == -1, "closed"
    assert b"".join(server.requests) == b""


def test_a_redirect_loop_ends(serve: Serve) -> None:
    server = serve(b"HTTP/1.1 301 Moved\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")
    with pytest.raises(NotFetchable, match="redirects more than 3 times"):
        fetch_all(make_fetcher(redirects=3), server.url)
    assert len(server.requests) == 4


def test_a_redirect_is_followed_with_one_look_up_each(serve: Serve) -> None:
    server = serve(
        lambda connection, request: connection.sendall(
            OK if b"GET /there" in request else b"HTTP/1.1 307 X\r\nLocation: there\r\n\r\n"
        )
    )
    fetched, content = fetch_all(make_fetcher(), server.url)
    assert (fetched.url, content) == (server.url + "there", b"hello")


def test_a_redirect_without_location_is_not_fetchable(serve: Serve) -> None:
    with pytest.raises(NotFetchable, match="redirects to nowhere"):
        fetch_all(make_fetcher(), serve(b"HTTP/1.1 302 Found\r\n\r\n").url)


@pytest.mark.parametrize("status", [201, 204, 206, 304, 400, 401, 403, 404, 410, 501])
def test_an_answer_that_waiting_cannot_cure_is_not_fetchable(serve: Serve, status: int) -> None:
    server = serve(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n".encode())
    with pytest.raises(NotFetchable, match=f"answered {status}") as caught:
        fetch_all(make_fetcher(), server.url)
    assert caught.value.metadata["status"] == str(status)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_an_answer_that_waiting_may_cure_says_when_to_come_back(serve: Serve, status: int) -> None:
    server = serve(f"HTTP/1.1 {status} X\r\nRetry-After: 17\r\nContent-Length: 0\r\n\r\n".encode())
    with pytest.raises(FetchFailed, match=f"answered {status}") as caught:
        fetch_all(make_fetcher(), server.url)
    assert caught.value.retry_after_s == 17


@pytest.mark.parametrize(
    ("value", "least_s", "most_s"),
    [
        ("0", 0, 0),
        ("999999999", 3600, 3600),
        ("-5", 5, 5),
        ("soon", 5, 5),
        ("", 5, 5),
        ("Fri, 31 Dec 1999 23:59:59 GMT", 0, 0),
        ("Fri, 31 Dec 2199 23:59:59 GMT", 3600, 3600),
    ],
)
def test_retry_after_is_read_in_both_forms_and_bounded(
    serve: Serve, value: str, least_s: float, most_s: float
) -> None:
    server = serve(f"HTTP/1.1 503 X\r\nRetry-After: {value}\r\n\r\n".encode())
    with pytest.raises(FetchFailed) as caught:
        fetch_all(make_fetcher(), server.url)
    assert least_s <= caught.value.retry_after_s <= most_s


def test_too_large_by_announcement_is_refused_before_any_content(serve: Serve) -> None:
    server = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n")
    with pytest.raises(NotFetchable, match="1001 bytes there, more than 1000"):
        fetch_all(make_fetcher(), server.url, max_bytes=1000)


def test_an_endless_body_is_cut_at_the_limit(serve: Serve) -> None:
    def pour(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(bytes(65536))

    with pytest.raises(NotFetchable, match="sent more than 1000000 bytes"):
        fetch_all(make_fetcher(), serve(pour).url)


def drip(start: bytes, drop: bytes) -> Callable[[socket.socket, bytes], None]:
    """Make an answer that begins at once and then never quite stops."""

    def answer(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(start)
        for _ in range(200):
            time.sleep(0.05)
            connection.sendall(drop)

    return answer


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        (b"", b"H"),
        (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    ],
    ids=["body", "headers", "status line", "interim answers"],
)
def test_a_slow_drip_ends_at_the_total_time(serve: Serve, start: bytes, drop: bytes) -> None:
    server = serve(drip(start, drop))
    began = time.monotonic()
    with pytest.raises((FetchFailed, NotFetchable)):
        fetch_all(make_fetcher(total_s=0.6), server.url)
    assert time.monotonic() - began < 3


def test_a_drip_over_tls_ends_at_the_total_time(serve: Serve) -> None:
    # It never finishes the handshake.
    server = serve(drip(b"", b"\x16"))
    began = time.monotonic()
    with pytest.raises(FetchFailed):
        fetch_all(make_fetcher(total_s=0.6), server.url.replace("http:", "https:"))
    assert time.monotonic() - began < 3


def test_silence_ends_at_the_idle_time(serve: Serve) -> None:
    server = serve(lambda *_: time.sleep(1))
    with pytest.raises(FetchFailed, match="did not answer"):
        fetch_all(make_fetcher(idle_s=0.2), server.url)


def test_a_resolver_that_does_not_answer_ends_at_the_total_time() -> None:
    fetcher = make_fetcher(resolve=lambda *_: time.sleep(1) or [], total_s=0.2)
    with pytest.raises(FetchFailed, match=r"looking up 'slow\.example' took too long"):
        fetch_all(fetcher, "http://slow.example/")


def test_an_unknown_host_is_not_fetchable() -> None:
    def unknown(*_: object) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    with pytest.raises(NotFetchable, match=r"there is no host 'nowhere\.example'"):
        fetch_all(make_fetcher(resolve=unknown), "http://nowhere.example/")


def test_a_resolver_in_trouble_is_worth_waiting_for() -> None:
    def troubled(*_: object) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "temporary failure")

    with pytest.raises(FetchFailed):
        fetch_all(make_fetcher(resolve=troubled), "http://later.example/")


def test_an_over_long_host_name_is_not_fetchable() -> None:
    with pytest.raises((NotFetchable, UrlRefused)):
        fetch_all(make_fetcher(AllowList()), f"http://{'a' * 300}/")


def test_huge_headers_are_cut_short(serve: Serve) -> None:
    server = serve(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 2_000_000 + b"\r\n\r\n")
    with pytest.raises(NotFetchable, match="does not answer in HTTP"):
        fetch_all(make_fetcher(), server.url)


def test_what_is_not_http_is_not_fetchable(serve: Serve) -> None:
    with pytest.raises(NotFetchable, match="does not answer in HTTP"):
        fetch_all(make_fetcher(), serve(b"SSH-2.0-OpenSSH_9.9\r\n\r\n").url)


def test_compressed_content_is_refused(serve: Serve) -> None:
    server = serve(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nxx")
    with pytest.raises(NotFetchable, match="'gzip', unasked"):
        fetch_all(make_fetcher(), server.url)


def test_a_body_that_breaks_off_may_be_tried_again(serve: Serve) -> None:
    server = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
    with pytest.raises(FetchFailed, match="broke off after 9 bytes"):
        fetch_all(make_fetcher(), server.url)


def test_a_server_that_hangs_up_may_be_tried_again(serve: Serve) -> None:
    with pytest.raises(FetchFailed, match="hung up without an answer"):
        fetch_all(make_fetcher(), serve(b"").url)


def test_a_port_where_nobody_listens_may_be_tried_again() -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        url = f"http://web.test:{unheard.getsockname()[1]}/"
        with pytest.raises(FetchFailed, match="does not answer on port"):
            fetch_all(make_fetcher(), url)


def test_proxies_of_the_environment_are_not_used(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, server = serve(OK), serve(OK)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    assert fetch_all(make_fetcher(), server.url)[1] == b"hello"
    assert proxy.requests == []


def test_leaving_the_block_early_hangs_up(serve: Serve) -> None:
    hung_up: list[bool] = []

    def pour(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while True:
                connection.sendall(bytes(65536))
        except OSError:
            hung_up.append(True)

    server = serve(pour)
    with make_fetcher().fetch(server.url, max_bytes=1_000_000) as fetched:
        assert next(fetched.chunks)
    deadline = time.monotonic() + 5
    while not hung_up and time.monotonic() < deadline:
        time.sleep(0.01)
    assert hung_up
