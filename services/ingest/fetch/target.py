"""Reading a URL: what of it may be asked for at all, before any address is looked up."""

from dataclasses import dataclass
from urllib.parse import urljoin

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from services.ingest.errors import UrlRefused

MAX_URL_CHARS = 8192
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Target:
    """A URL that may be asked for, if its address turns out to be public.

    Attributes:
        scheme: "http" or "https".
        host: lower case, IDNA-encoded; an IPv6 address without brackets.
        port: the URL's, else the scheme's.
        path: with its query, percent-encoded, beginning with "/".
    """

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole, normalized, without fragment."""
        return f"{self.scheme}://{self.authority}{self.path}"


def read_target(url: str) -> Target:
    """Read a URL and apply every rule that needs no look-up.

    Raises:
        UrlRefused: it is over-long or malformed, not http or https, or carries
            credentials.
    """
    if len(url) > MAX_URL_CHARS:
        raise UrlRefused(f"the URL has {len(url)} characters, more than {MAX_URL_CHARS}")
    if "\x00" in url:
        raise UrlRefused("the URL contains a NUL character")
    try:
        parts = parse_url(url)
    except (LocationParseError, ValueError) as error:
        raise UrlRefused(f"{url!r} is no URL") from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise UrlRefused(f"only http and https URLs are fetched, not {parts.scheme or url}")
    if parts.auth is not None:
        raise UrlRefused("a URL with a user name or password is not fetched")
    if not parts.host or parts.port == 0:
        raise UrlRefused(f"{url!r} names no host or no port")
    host = parts.host.strip("[]").rstrip(".")
    port = _DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port
    return Target(parts.scheme, host, port, parts.request_uri)


def read_redirect(location: str, base: Target) -> Target:
    """Read the Location of a redirect from `base`, under the same rules.

    Raises:
        UrlRefused: as in `read_target`.
    """
    try:
        url = urljoin(base.url, location)
    except ValueError as error:
        raise UrlRefused(f"redirected to {location!r}, which is no URL") from error
    return read_target(url)
