"""What of a URL may be asked for before any address is looked up."""

import pytest

from services.ingest.errors import UrlRefused
from services.ingest.fetch.target import read_redirect, read_target


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "only http and https"),
        ("picture.png", "only http and https"),
        ("ftp://example.com/a", "not ftp"),
        ("file:///etc/passwd", "not file"),
        ("gopher://example.com/", "not gopher"),
        ("data:image/png;base64,AAAA", "only http and https|no URL"),
        ("//example.com/a", "only http and https"),
        ("http://", "no host|no URL"),
        ("http:///a", "no host"),
        ("http://example.com:0/", "no port"),
        ("http://user@example.com/", "user name or password"),
        ("http://user:pw@example.com/", "user name or password"),
        ("http://example.com:99999/", "no URL"),
        ("http://exa mple.com/", "no URL"),
        ("http://example.com\r\nHost: x/", "no URL"),
        ("http://[::1/", "no URL"),
        ("http://example.com/" + "a" * 9000, "characters"),
    ],
)
def test_a_url_that_may_not_be_asked_for_is_refused_with_its_reason(url: str, reason: str) -> None:
    with pytest.raises(UrlRefused, match=reason):
        read_target(url)


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("http://Example.COM", "http://example.com/"),
        ("HTTP://example.com:80/a?b=c#d", "http://example.com/a?b=c"),
        ("https://example.com:8443/ü b", "https://example.com:8443/%C3%BC%20b"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://example.com./", "http://example.com/"),
        ("http://[2606:4700::1111]:8080/x", "http://[2606:4700::1111]:8080/x"),
        ("http://example.com/a\r\nX: y", "http://example.com/a%0D%0AX:%20y"),
        ("http://good.example\\@evil.example/", "http://good.example/%5C@evil.example/"),
    ],
)
def test_a_url_is_read_in_one_normal_form(url: str, normal: str) -> None:
    assert read_target(url).url == normal


def test_a_relative_redirect_starts_at_the_url_that_redirects() -> None:
    base = read_target("https://example.com/a/b?c")
    assert read_redirect("../d", base).url == "https://example.com/d"
    assert read_redirect("//other.example/e", base).url == "https://other.example/e"
    with pytest.raises(UrlRefused, match="not file"):
        read_redirect("file:///etc/passwd", base)
