"""A proxy of toxiproxy's, and what may be wrong with it."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import urllib3
from urllib3.exceptions import HTTPError

from tests.backends.servers import Server, free_port, running_toxiproxy

_TIMEOUT_S = 10.0


class Proxy:
    """Forwards to one server, by a toxiproxy of its own.

    Now and then toxiproxy locks itself up for good when a fault begins or ends just as
    connections end: it waits for them with its lock in hand. Then it is started anew,
    which cuts all connections, as any fault may.

    Attributes:
        url: "http://127.0.0.1:port", in front of the server.
    """

    def __init__(self, folder: Path, server: Server) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        self._folder = folder
        self._upstream = f"127.0.0.1:{server.port}"
        self._running = ExitStack()
        self._control = self._start()

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Close every connection and refuse new ones in the block."""
        self._set_enabled(enabled=False)
        try:
            yield
        finally:
            self._set_enabled(enabled=True)

    @contextmanager
    def toxic(self, kind: str, **attributes: int) -> Iterator[None]:
        """Treat the bytes of both directions badly in the block; see toxiproxy's toxics."""
        names = []
        try:
            for stream in ("upstream", "downstream"):
                toxic = {"type": kind, "stream": stream, "attributes": attributes}
                names.append(_ask("POST", f"{self._control}/toxics", toxic)["name"])
        except HTTPError:
            self._restart()
            names.clear()
        try:
            yield
        finally:
            try:
                for name in names:
                    _ask("DELETE", f"{self._control}/toxics/{name}")
            except HTTPError:
                self._restart()

    def close(self) -> None:
        """Stop forwarding."""
        self._running.close()

    def _set_enabled(self, *, enabled: bool) -> None:
        try:
            _ask("POST", self._control, {"enabled": enabled})
        except HTTPError:
            self._restart()

    def _restart(self) -> None:
        self._running.close()
        self._control = self._start()

    def _start(self) -> str:
        toxiproxy = self._running.enter_context(running_toxiproxy(self._folder))
        listen = self.url.removeprefix("http://")
        proxy = {"name": "proxy", "listen": listen, "upstream": self._upstream}
        _ask("POST", f"{toxiproxy.url}/proxies", proxy)
        return f"{toxiproxy.url}/proxies/proxy"


@contextmanager
def proxied(folder: Path, server: Server) -> Iterator[Proxy]:
    """Put a proxy before a server for as long as the block lasts; `folder` gets its log."""
    proxy = Proxy(folder, server)
    try:
        yield proxy
    finally:
        proxy.close()


def _ask(method: str, url: str, body: object = None) -> dict[str, str]:
    answer = urllib3.request(method, url, json=body, retries=False, timeout=_TIMEOUT_S)
    assert answer.status < 300, answer.data
    return dict(json.loads(answer.data)) if answer.data else {}
