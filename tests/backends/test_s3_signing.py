"""Signed URLs and odd metadata, against MinIO and by plain HTTP."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import urllib3

from storage.checksums import chunks_of
from storage.drivers.s3 import S3Options, S3Store
from storage.store import PutInfo
from storage.uploads import UrlRequest
from tests.backends.date_proxy import shifted_dates
from tests.backends.servers import Server

pytestmark = pytest.mark.backend
HOUR = timedelta(hours=1)
KEYS = ["plain.txt", "with space/100%+#&=?.txt", "ünï/日本 🖼.png", "~/.'\"()*!;:@,$[]"]


@pytest.mark.parametrize("key", KEYS)
def test_a_signed_url_reads_one_object_and_nothing_else(s3_store: S3Store, key: str) -> None:
    """By GET, for a while, without credentials."""
    s3_store.put(key, chunks_of([b"bytes"]), PutInfo(content_type="text/plain"))
    url = s3_store.sign_url(key, UrlRequest("GET", HOUR)).url
    answer = urllib3.request("GET", url)
    assert (answer.status, answer.data) == (200, b"bytes")
    assert urllib3.request("PUT", url, body=b"x").status == 403
    assert urllib3.request("GET", url[:-1] + ("0" if url[-1] != "0" else "1")).status == 403
    s3_store.put("other", chunks_of([b"bytes"]), PutInfo())
    assert urllib3.request("GET", url.partition("?")[0]).status == 403


def test_a_signed_url_may_say_how_to_save(s3_store: S3Store) -> None:
    """With any text for a name."""
    s3_store.put("key", chunks_of([b"bytes"]), PutInfo())
    disposition = "attachment; filename*=UTF-8''na%C3%AFve%20file.txt"
    signed = s3_store.sign_url("key", UrlRequest("GET", HOUR, content_disposition=disposition))
    assert urllib3.request("GET", signed.url).headers["Content-Disposition"] == disposition


@pytest.mark.parametrize("key", KEYS)
def test_a_signed_url_writes_one_object(s3_store: S3Store, key: str) -> None:
    """With the Content-Type that was signed, and no other."""
    signed = s3_store.sign_url(key, UrlRequest("PUT", HOUR, content_type="image/png"))
    assert signed.headers == {"Content-Type": "image/png"}
    wrong = urllib3.request("PUT", signed.url, body=b"x", headers={"Content-Type": "text/html"})
    assert wrong.status == 403
    answer = urllib3.request("PUT", signed.url, body=b"pixels", headers=signed.headers)
    assert answer.status == 200
    info = s3_store.head(key)
    assert (info.size_bytes, info.content_type, info.crc32c) == (6, "image/png", None)
    with s3_store.get(key) as reader:
        assert b"".join(chunk.content for chunk in reader) == b"pixels"


def test_a_url_is_signed_for_the_public_host(
    minio: Server, s3_options: S3Options, open_store: Callable[..., S3Store]
) -> None:
    """It works there, and the inner host is nowhere in it."""
    with shifted_dates(minio, 0) as public:
        store = open_store(replace(s3_options, public_endpoint=public))
        store.put("key", chunks_of([b"bytes"]), PutInfo())
        url = store.sign_url("key", UrlRequest("GET", HOUR)).url
        assert url.startswith(f"{public}/{s3_options.bucket}/key?")
        assert str(minio.port) not in url
        assert urllib3.request("GET", url).data == b"bytes"


def test_an_expired_url_is_refused(s3_store: S3Store) -> None:
    """A second after its time."""
    s3_store.put("key", chunks_of([b"bytes"]), PutInfo())
    signed = s3_store.sign_url("key", UrlRequest("GET", timedelta(seconds=1)))
    time.sleep(max(0.0, signed.expire_time.timestamp() + 1.1 - time.time()))
    assert urllib3.request("GET", signed.url).status == 403


def test_what_bytes_are_served_with_is_what_was_put(s3_store: S3Store) -> None:
    """The bucket may be read past the service: headers lie with the object itself."""
    info = PutInfo(
        content_type="image/png",
        cache_control="max-age=60",
        content_disposition='inline; filename="a b.png"',
        user_metadata={"title": "Grüße  aus  日本 🖼", "long": "ü" * 2000, "empty": ""},
    )
    stored = s3_store.put("key", chunks_of([b"bytes"]), info)
    assert s3_store.head("key") == stored
    assert stored.user_metadata == info.user_metadata
    answer = urllib3.request("GET", s3_store.sign_url("key", UrlRequest("GET", HOUR)).url)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Cache-Control"] == "max-age=60"
    assert answer.headers["Content-Disposition"] == 'inline; filename="a b.png"'
