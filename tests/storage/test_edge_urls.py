from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from storage.edge_urls import PATH_PREFIX, EdgeUrls, load_secret
from storage.errors import AccessDenied, InvalidKey
from storage.uploads import SignedUrl, UrlRequest

KEY = "a b/ü+#?&%41.jpg"
URLS = EdgeUrls(b"s" * 32, "https://media.example/")
HOUR = timedelta(hours=1)


def taken_apart(signed: SignedUrl) -> tuple[str, dict[str, str]]:
    """Return key and parameters as an HTTP server gives them."""
    parts = urlsplit(signed.url)
    assert f"{parts.scheme}://{parts.netloc}" == "https://media.example"
    assert parts.path.startswith(PATH_PREFIX)
    return unquote(parts.path.removeprefix(PATH_PREFIX)), dict(parse_qsl(parts.query))


def test_a_url_allows_what_it_was_signed_for() -> None:
    request = UrlRequest("GET", HOUR, content_disposition='attachment; filename="ü&.jpg"')
    key, query = taken_apart(URLS.sign_url(KEY, request))
    for method in ("GET", "HEAD"):
        access = URLS.verify(method, key, query)
        assert access.key == KEY
        assert access.content_disposition == 'attachment; filename="ü&.jpg"'
    signed = URLS.sign_url(KEY, UrlRequest("PUT", HOUR, content_type="image/jpeg"))
    assert signed.headers == {"Content-Type": "image/jpeg"}
    assert URLS.verify("PUT", *taken_apart(signed)).content_type == "image/jpeg"


@pytest.mark.parametrize(
    ("signed_for", "asked"), [("GET", "PUT"), ("PUT", "GET"), ("PUT", "HEAD"), ("GET", "DELETE")]
)
def test_a_url_is_for_one_method(signed_for: str, asked: str) -> None:
    key, query = taken_apart(URLS.sign_url(KEY, UrlRequest(signed_for, HOUR)))
    with pytest.raises(AccessDenied, match=f"not for {asked}"):
        URLS.verify(asked, key, query)


def test_nothing_of_a_url_can_be_changed_added_or_left_out() -> None:
    key, query = taken_apart(URLS.sign_url(KEY, UrlRequest("PUT", HOUR, "image/jpeg")))
    changed = [
        (key + "x", query),
        (key, {**query, "method": "GET"}),
        (key, {**query, "expires": "99999999999"}),
        (key, {**query, "content-type": "text/html"}),
        (key, {**query, "content-disposition": "inline"}),
        (key, {name: value for name, value in query.items() if name != "content-type"}),
        (key, {**query, "signature": "0" * 64}),
        (key, {**query, "signature": "ü"}),
        (key, {}),
    ]
    for other_key, other_query in changed:
        with pytest.raises(AccessDenied, match="signature"):
            URLS.verify("PUT", other_key, other_query)
    with pytest.raises(AccessDenied):
        EdgeUrls(b"t" * 32, "https://media.example").verify("PUT", key, query)
    URLS.verify("PUT", key, query)


def test_a_url_expires() -> None:
    key, query = taken_apart(URLS.sign_url(KEY, UrlRequest("GET", timedelta(seconds=-1))))
    with pytest.raises(AccessDenied, match="expired"):
        URLS.verify("GET", key, query)


def test_a_bad_key_is_not_signed() -> None:
    with pytest.raises(InvalidKey):
        URLS.sign_url("../secret", UrlRequest("GET", HOUR))


def test_the_secret_is_made_once_and_is_private(tmp_path: Path) -> None:
    secret = load_secret(tmp_path)
    assert len(secret) == 32
    assert load_secret(tmp_path) == secret
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o077 == 0
