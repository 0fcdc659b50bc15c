"""What can be wrong with an S3 server, each said in its own words. Against MinIO itself."""

import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from storage.checksums import chunks_of
from storage.drivers.s3 import S3Options, S3Store
from storage.drivers.s3.connection import S3Connection
from storage.errors import (
    AccessDenied,
    BucketMissing,
    ObjectExists,
    ObjectNotFound,
    StoreUnavailable,
)
from storage.store import PutInfo
from tests.backends.fixtures import hidden_keys
from tests.backends.servers import free_port, running_minio

pytestmark = pytest.mark.backend
MIB = 1024 * 1024


def calls(store: S3Store) -> list[Callable[[], object]]:
    """Return one call of every kind."""
    return [
        store.check,
        lambda: store.put("key", chunks_of([b"x"]), PutInfo()),
        lambda: store.put("key", chunks_of([bytes(9 * MIB)]), PutInfo()),
        lambda: store.get("key"),
        lambda: store.get("key", -1),
        lambda: store.head("key"),
        lambda: store.delete("key"),
        store.list,
        lambda: store.copy("key", "other", PutInfo()),
        lambda: store.start_upload("key", PutInfo()),
        lambda: store.query_upload("a" * 22),
    ]


@pytest.mark.parametrize("wrong", [{"secret_key": "wrong-secret"}, {"access_key": "nobody"}])
def test_wrong_credentials_name_the_variables(
    s3_options: S3Options, open_store: Callable[..., S3Store], wrong: dict[str, str]
) -> None:
    """Every call says the same; no secret is in the text."""
    store = open_store(replace(s3_options, **wrong))
    for call in calls(store):
        with pytest.raises(AccessDenied, match="S3_ACCESS_KEY, S3_SECRET_KEY") as caught:
            call()
        assert "secret" not in str(caught.value)


def test_a_missing_bucket_that_may_not_be_created_is_named(
    s3_options: S3Options, open_store: Callable[..., S3Store]
) -> None:
    """It is never taken for a missing object."""
    store = open_store(replace(s3_options, create_bucket=False))
    for call in calls(store):
        with pytest.raises(BucketMissing, match=f"{s3_options.bucket}.*create it.*S3_BUCKET"):
            call()


def test_a_missing_bucket_is_created_by_whichever_call_comes_first(
    s3_options: S3Options, open_store: Callable[..., S3Store]
) -> None:
    """Also by many at once."""
    store = open_store(s3_options)
    with ThreadPoolExecutor(8) as pool:
        puts = [pool.submit(store.put, f"{n}", chunks_of([b"x"]), PutInfo()) for n in range(8)]
    assert [put.result().size_bytes for put in puts] == [1] * 8
    with pytest.raises(ObjectNotFound):
        open_store(replace(s3_options, bucket=s3_options.bucket + "-2")).head("key")


def test_a_server_that_is_not_there_is_unavailable_and_soon(
    s3_options: S3Options, open_store: Callable[..., S3Store]
) -> None:
    """Nobody listens on the port."""
    endpoint = f"http://127.0.0.1:{free_port()}"
    store = open_store(replace(s3_options, endpoint=endpoint, timeout_s=3))
    for call in calls(store):
        started = time.monotonic()
        with pytest.raises(StoreUnavailable, match="did not answer"):
            call()
        assert time.monotonic() - started < 5


def test_a_server_that_listens_and_says_nothing_is_unavailable_in_time(
    s3_options: S3Options, open_store: Callable[..., S3Store]
) -> None:
    """Connections are taken and never answered."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent:
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        store = open_store(replace(s3_options, endpoint=endpoint, timeout_s=1))
        for call in calls(store)[:3]:
            started = time.monotonic()
            with pytest.raises(StoreUnavailable):
                call()
            assert time.monotonic() - started < 4


def test_a_server_that_comes_back_serves_the_same_store(
    tmp_path: Path, s3_options: S3Options, open_store: Callable[..., S3Store]
) -> None:
    """A restart needs no new store, and the objects are there."""
    with running_minio(tmp_path) as first:
        store = open_store(replace(s3_options, endpoint=first.url, timeout_s=2))
        store.put("kept", chunks_of([b"bytes"]), PutInfo())
    with pytest.raises(StoreUnavailable):
        store.check()
    with running_minio(tmp_path, port=first.port), store.get("kept") as reader:
        assert b"".join(chunk.content for chunk in reader) == b"bytes"


def test_an_answer_that_is_not_from_s3_is_an_error_of_the_store(
    s3_options: S3Options, open_store: Callable[..., S3Store]
) -> None:
    """As a proxy's error page."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        page = (
            b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\noops"
        )

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    connection.sendall(page)

        thread = threading.Thread(target=serve)
        thread.start()
        endpoint = f"http://127.0.0.1:{server.getsockname()[1]}"
        store = open_store(replace(s3_options, endpoint=endpoint, timeout_s=2))
        with pytest.raises(StoreUnavailable, match="502"):
            store.check()
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


@pytest.mark.parametrize("size_bytes", [1, 9 * MIB])
def test_of_fifty_writers_exactly_one_creates(
    s3_store: S3Store, s3: S3Connection, size_bytes: int
) -> None:
    """Whether the object goes in one request or in parts; the loser leaves nothing behind."""
    writers = 50 if size_bytes == 1 else 12

    def write(number: int) -> int | None:
        content = bytes([number]) * size_bytes
        try:
            s3_store.put("one", chunks_of([content]), PutInfo(create_only=True))
        except ObjectExists:
            return None
        return number

    with ThreadPoolExecutor(writers) as pool:
        won = [number for number in pool.map(write, range(writers)) if number is not None]
    assert len(won) == 1
    with s3_store.get("one") as reader:
        assert {bytes(chunk.content[:1]) for chunk in reader} == {bytes(won)}
    assert len(hidden_keys(s3)) == (0 if size_bytes == 1 else 1)
