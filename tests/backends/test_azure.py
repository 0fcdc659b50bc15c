"""What only the Azure driver does, and what can be wrong with its server. Against Azurite."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
import urllib3
from azure.storage.blob import ContentSettings

from storage.checksums import chunks_of
from storage.drivers.azure import AzureOptions, AzureStore
from storage.drivers.azure.connection import AzureConnection
from storage.drivers.azure.layout import HIDDEN, RECORDS
from storage.drivers.azure.listing import list_hidden
from storage.errors import (
    AccessDenied,
    BucketMissing,
    DataCorrupted,
    EtagMismatch,
    ObjectExists,
    ObjectNotFound,
    StoreUnavailable,
)
from storage.store import Chunk, PutInfo
from storage.uploads import UrlRequest
from tests.backends.servers import free_port

pytestmark = pytest.mark.backend
MIB = 1024 * 1024
LARGE = bytes(range(256)) * (40 * 1024)  # 10 MiB: two blocks
LONG = {"long": "ü" * 4000}  # more than fits beside an object
HOUR = timedelta(hours=1)


def calls(store: AzureStore) -> list[Callable[[], object]]:
    """Return one call of every kind."""
    return [
        store.check,
        lambda: store.put("key", chunks_of([b"x"]), PutInfo()),
        lambda: store.put("key", chunks_of([LARGE]), PutInfo()),
        lambda: store.get("key"),
        lambda: store.head("key"),
        lambda: store.delete("key"),
        store.list,
        lambda: store.copy("key", "other", PutInfo()),
        lambda: store.start_upload("key", PutInfo()),
        lambda: store.query_upload("a" * 22),
    ]


@pytest.mark.parametrize("key", ["d3Jvbmc=", "not base64!"])
def test_a_wrong_key_names_the_variables(azure_options: AzureOptions, key: str) -> None:
    """And is not itself in the text."""
    with closing(AzureStore(replace(azure_options, key=key))) as store:
        for call in calls(store):
            with pytest.raises(AccessDenied, match="AZURE_STORAGE_KEY") as caught:
                call()
            assert key not in str(caught.value)


def test_a_missing_container_that_may_not_be_created_is_named(azure_options: AzureOptions) -> None:
    """It is never taken for a missing object."""
    with closing(AzureStore(replace(azure_options, create_container=False))) as store:
        for call in calls(store):
            with pytest.raises(BucketMissing, match=r"create it.*AZURE_STORAGE_CONTAINER"):
                call()


def test_a_missing_container_is_created_by_whichever_call_comes_first(
    azure_options: AzureOptions,
) -> None:
    """Also by many at once."""
    with closing(AzureStore(azure_options)) as store, ThreadPoolExecutor(8) as pool:
        puts = [pool.submit(store.put, f"{n}", chunks_of([b"x"]), PutInfo()) for n in range(8)]
        assert [put.result().size_bytes for put in puts] == [1] * 8


def test_a_server_that_is_not_there_is_unavailable_and_soon(azure_options: AzureOptions) -> None:
    """Nobody listens on the port."""
    endpoint = f"http://127.0.0.1:{free_port()}/{azure_options.account}"
    with closing(AzureStore(replace(azure_options, endpoint=endpoint, timeout_s=3))) as store:
        for call in calls(store)[:4]:
            started = time.monotonic()
            with pytest.raises(StoreUnavailable, match="did not answer"):
                call()
            assert time.monotonic() - started < 6


def test_a_server_that_listens_and_says_nothing_is_unavailable_in_time(
    azure_options: AzureOptions,
) -> None:
    """Connections are taken and never answered."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent:
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}/{azure_options.account}"
        with closing(AzureStore(replace(azure_options, endpoint=endpoint, timeout_s=1))) as store:
            started = time.monotonic()
            with pytest.raises(StoreUnavailable):
                store.check()
            assert time.monotonic() - started < 6


@pytest.mark.parametrize("size_bytes", [1, 9 * MIB])
def test_of_many_writers_exactly_one_creates(azure_store: AzureStore, size_bytes: int) -> None:
    """Decided when the blocks are committed."""
    writers = 50 if size_bytes == 1 else 6

    def write(number: int) -> int | None:
        content = bytes([number]) * size_bytes
        try:
            azure_store.put("one", chunks_of([content]), PutInfo(create_only=True))
        except ObjectExists:
            return None
        return number

    with ThreadPoolExecutor(writers) as pool:
        won = [number for number in pool.map(write, range(writers)) if number is not None]
    assert len(won) == 1
    with azure_store.get("one") as reader:
        assert {bytes(chunk.content[:1]) for chunk in reader} == {bytes(won)}


def test_of_two_streams_to_one_key_the_later_says_that_its_blocks_are_gone(
    azure_store: AzureStore,
) -> None:
    """Azure drops waiting blocks at a commit: that is an error, never a mixture."""

    def overtaken() -> Iterator[Chunk]:
        yield from chunks_of([LARGE, LARGE])
        azure_store.put("key", chunks_of([LARGE]), PutInfo())

    with pytest.raises(StoreUnavailable, match="parts of 'key' were removed"):
        azure_store.put("key", overtaken(), PutInfo())
    with azure_store.get("key") as reader:
        assert b"".join(chunk.content for chunk in reader) == LARGE
    etag = azure_store.head("key").etag
    with pytest.raises(EtagMismatch):
        azure_store.put("key", overtaken(), PutInfo(if_etag=etag))


def test_a_flipped_bit_is_never_content(azure_store: AzureStore, azure: AzureConnection) -> None:
    """What comes before it does."""
    azure_store.put("key", chunks_of([LARGE]), PutInfo())
    blob = azure.blob("key")
    metadata = blob.get_blob_properties().metadata
    body = bytearray(LARGE)
    body[2 * MIB + 17] ^= 1
    blob.upload_blob(bytes(body), overwrite=True, metadata=metadata)
    with azure_store.get("key") as reader:
        received: list[bytes] = []
        with pytest.raises(DataCorrupted, match="byte 2097152 of 'key'"):
            received.extend(bytes(chunk.content) for chunk in reader)
        assert b"".join(received) == LARGE[: 2 * MIB]


def test_a_long_record_lies_beside_its_object_and_goes_with_it(
    azure_store: AzureStore, azure: AzureConnection
) -> None:
    """At once when deleted, with the sweep when replaced; without it nothing is handed out."""
    for key in ("one", "two", "three"):
        assert azure_store.put(key, chunks_of([b"x"]), PutInfo(user_metadata=LONG))
        assert azure_store.head(key).user_metadata == LONG
    assert len(list(list_hidden(azure, RECORDS))) == 3
    azure_store.delete("one")
    azure_store.put("two", chunks_of([b"y"]), PutInfo())
    assert azure_store.sweep_uploads(HOUR) == 0
    assert azure_store.sweep_uploads(timedelta(0)) == 1
    (record,) = list_hidden(azure, HIDDEN)
    azure.blob(record.key).delete_blob()
    with pytest.raises(DataCorrupted, match="record of 'three' is missing"):
        azure_store.head("three")


def test_what_somebody_else_stored_is_read_as_it_is(
    azure_store: AzureStore, azure: AzureConnection
) -> None:
    """Without checksums, with its own metadata."""
    settings = ContentSettings(content_type="text/x")
    azure.blob("foreign").upload_blob(LARGE, metadata={"colour": "red"}, content_settings=settings)
    info = azure_store.head("foreign")
    assert (info.crc32c, info.content_type, info.user_metadata) == (
        None,
        "text/x",
        {"colour": "red"},
    )
    with azure_store.get("foreign", -10) as reader:
        assert b"".join(chunk.content for chunk in reader) == LARGE[-10:]


@pytest.mark.parametrize(
    "key", ["plain.txt", "with space/100%+#&=?.txt", "ünï/日本 🖼.png", "~/.a."]
)
def test_a_signed_url_does_one_thing_to_one_object(azure_store: AzureStore, key: str) -> None:
    """GET reads, PUT writes, for a while, without credentials."""
    signed = azure_store.sign_url(key, UrlRequest("PUT", HOUR, content_type="image/png"))
    answer = urllib3.request("PUT", signed.url, body=b"pixels", headers=signed.headers)
    assert answer.status == 201, answer.data
    assert urllib3.request("GET", signed.url).status == 403
    info = azure_store.head(key)
    assert (info.size_bytes, info.content_type) == (6, "image/png")
    disposition = 'attachment; filename="a b.png"'
    request = UrlRequest("GET", HOUR, content_disposition=disposition)
    url = azure_store.sign_url(key, request).url
    answer = urllib3.request("GET", url)
    assert (answer.status, answer.data) == (200, b"pixels")
    assert answer.headers["Content-Disposition"] == disposition
    assert urllib3.request("PUT", url, body=b"x", headers=signed.headers).status == 403


def test_a_url_is_signed_for_the_public_host(azure_options: AzureOptions) -> None:
    """Azure's signature does not cover the host, so only the text can tell."""
    public = f"https://media.example.org/{azure_options.account}"
    with closing(AzureStore(replace(azure_options, public_endpoint=public))) as store:
        url = store.sign_url("a key", UrlRequest("GET", HOUR)).url
    assert url.startswith(f"{public}/{azure_options.container}/a%20key?")


def test_without_an_endpoint_the_account_is_azures_own() -> None:
    """By its public name."""
    options = AzureOptions("account", "a2V5", "container")
    with closing(AzureStore(options)) as store:
        url = store.sign_url("key", UrlRequest("GET", HOUR)).url
    assert url.startswith("https://account.blob.core.windows.net/container/key?")


def test_an_unknown_object_of_a_known_container(azure_store: AzureStore) -> None:
    """Is not found, by every reading call."""
    for call in (azure_store.head, azure_store.get, lambda key: azure_store.get(key, -1)):
        with pytest.raises(ObjectNotFound):
            call("nothing")
