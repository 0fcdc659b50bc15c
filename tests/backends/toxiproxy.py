"""One proxy of a toxiproxy server, and what may be wrong with it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import urllib3

from tests.backends.servers import Server, free_port


@dataclass(frozen=True)
class Proxy:
    """A proxy that forwards to one server.

    Attributes:
        url: "http://127.0.0.1:port", in front of the server.
    """

    url: str
    _control: str

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Close every connection and refuse new ones in the block."""
        _ask("POST", self._control, {"enabled": False})
        try:
            yield
        finally:
            _ask("POST", self._control, {"enabled": True})

    @contextmanager
    def toxic(self, kind: str, **attributes: int) -> Iterator[None]:
        """Treat the bytes of both directions badly in the block; see toxiproxy's toxics."""
        names = []
        for stream in ("upstream", "downstream"):
            toxic = {"type": kind, "stream": stream, "attributes": attributes}
            names.append(_ask("POST", f"{self._control}/toxics", toxic)["name"])
        try:
            yield
        finally:
            for name in names:
                _ask("DELETE", f"{self._control}/toxics/{name}")


@contextmanager
def proxied(toxiproxy: Server, server: Server) -> Iterator[Proxy]:
    """Put a new proxy before a server for as long as the block lasts."""
    name, listen = uuid4().hex, f"127.0.0.1:{free_port()}"
    upstream = f"127.0.0.1:{server.port}"
    _ask("POST", f"{toxiproxy.url}/proxies", {"name": name, "listen": listen, "upstream": upstream})
    control = f"{toxiproxy.url}/proxies/{name}"
    try:
        yield Proxy(f"http://{listen}", control)
    finally:
        _ask("DELETE", control)


def _ask(method: str, url: str, body: object = None) -> dict[str, str]:
    answer = urllib3.request(method, url, json=body) if body else urllib3.request(method, url)
    assert answer.status < 300, answer.data
    return dict(json.loads(answer.data)) if answer.data else {}
