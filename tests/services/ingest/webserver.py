"""Web servers on real sockets that answer as a test says, byte by byte."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator

import pytest

Answer = Callable[[socket.socket, bytes], None]


class WebServer:
    """Answers every connection on 127.0.0.1 by one function; keeps what was asked."""

    def __init__(self, answer: Answer, tls: ssl.SSLContext | None = None) -> None:
        self._answer = answer
        self._tls = tls
        self.requests: list[bytes] = []
        self.closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it is, by a name that the tests' resolver knows."""
        return f"http://web.test:{self.port}/"

    def _serve(self) -> None:
        while not self.closing.is_set():
            connection, _ = self._listener.accept()
            connection.settimeout(10)
            if self.closing.is_set():
                connection.close()
                return
            try:
                if self._tls:
                    connection = self._tls.wrap_socket(connection, server_side=True)
                request = connection.recv(65536)
                self.requests.append(request)
                self._answer(connection, request)
            except OSError:
                pass  # the fetch hung up, which is what many tests are about
            finally:
                connection.close()

    def close(self) -> None:
        """Stop; a running answer sees `closing`."""
        self.closing.set()
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join()
        self._listener.close()


@pytest.fixture
def serve() -> Iterator[Callable[..., WebServer]]:
    """Start web servers; an answer may be given as its bytes."""
    servers: list[WebServer] = []

    def start(answer: Answer | bytes, tls: ssl.SSLContext | None = None) -> WebServer:
        if isinstance(answer, bytes):
            content = answer
            servers.append(WebServer(lambda connection, _: connection.sendall(content), tls))
        else:
            servers.append(WebServer(answer, tls))
        return servers[-1]

    yield start
    for server in servers:
        server.close()
