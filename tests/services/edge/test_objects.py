"""Objects over HTTP, through a real server and a real storage service."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest
import urllib3
import uvicorn

from services.edge.app import build_app
from services.edge.settings import EdgeSettings
from services.storage.build import build as build_storage
from services.storage.settings import StorageSettings
from services.storage.stores import open_stores
from storage.edge_urls import EdgeUrls, load_secret
from tintype.storage.client import StorageClient

CONTENT = bytes(range(256)) * 10_000
KEY = "media-uploads/2026/11_21/original/photo 1+%.png"
Get = Callable[..., urllib3.BaseHTTPResponse]


class Edge(NamedTuple):
    """A running edge and what is behind it."""

    url: str
    storage: StorageClient
    folder: Path


PATH = f"/uploads/{quote(KEY)}"


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    folder = tmp_path_factory.mktemp("edge")
    storage_settings = StorageSettings(listen="127.0.0.1:0", data_dir=folder)
    stores = open_stores(storage_settings)
    storage = build_storage(storage_settings, stores).server
    storage.start()
    with StorageClient(storage.address) as client, socket.create_server(("127.0.0.1", 0)) as sock:
        client.put(KEY, [CONTENT], content_type="image/png")
        client.put("documents/secret.pdf", [b"classified"])
        settings = EdgeSettings(listen="127.0.0.1:0", storage_address=storage.address)
        urls = EdgeUrls(load_secret(folder), "http://edge.test")
        app = build_app(settings, client, urls)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield Edge(f"http://127.0.0.1:{sock.getsockname()[1]}", client, folder)
        server.should_exit = True
        thread.join()
    storage.drain(0)
    stores.store.close()


@pytest.fixture
def get(edge: Edge) -> Iterator[Get]:
    with urllib3.PoolManager(retries=False) as pool:
        yield lambda path, method="GET", body=None, **headers: pool.request(
            method,
            edge.url + path,
            body=body,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )


def test_an_image_opens_with_its_type_length_and_etag(get: Get, edge: Edge) -> None:
    response = get(PATH)
    assert response.status == 200
    assert response.data == CONTENT
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Length"] == str(len(CONTENT))
    assert response.headers["ETag"] == f'"{edge.storage.head(KEY).etag}"'
    assert response.headers["Accept-Ranges"] == "bytes"


def test_what_is_served_cannot_run_in_the_applications_origin(get: Get) -> None:
    headers = get(PATH).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_head_answers_as_get_without_the_bytes(get: Get) -> None:
    response, whole = get(PATH, "HEAD"), get(PATH)
    assert response.status == 200
    assert response.data == b""
    for name in ("Content-Type", "Content-Length", "ETag", "Last-Modified", "Cache-Control"):
        assert response.headers[name] == whole.headers[name]


@pytest.mark.parametrize("form", ['"{}"', 'W/"{}"', '"other", "{}"', "*"])
def test_who_has_it_already_is_told_so(get: Get, edge: Edge, form: str) -> None:
    etag = edge.storage.head(KEY).etag
    for method in ("GET", "HEAD"):
        response = get(PATH, method, if_none_match=form.format(etag))
        assert response.status == 304
        assert response.data == b""
        assert response.headers["ETag"] == f'"{etag}"'
    assert get(PATH, if_none_match='"other"').status == 200


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=100-199", 100, 199),
        ("bytes=2559990-", 2559990, 2559999),
        ("bytes=-10", 2559990, 2559999),
        ("bytes=2559999-9999999", 2559999, 2559999),
        ("bytes=-99999999", 0, 2559999),
    ],
)
def test_a_part_is_sent_as_a_part(get: Get, asked: str, first: int, last: int) -> None:
    response = get(PATH, range=asked)
    assert response.status == 206
    assert response.data == CONTENT[first : last + 1]
    assert response.headers["Content-Range"] == f"bytes {first}-{last}/{len(CONTENT)}"
    assert response.headers["Content-Length"] == str(last - first + 1)


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "x"])
def test_a_range_that_makes_no_sense_is_ignored(get: Get, asked: str) -> None:
    response = get(PATH, range=asked)
    assert response.status == 200
    assert response.data == CONTENT


def test_a_range_beyond_the_end_names_the_size(get: Get) -> None:
    response = get(PATH, range="bytes=2560000-")
    assert response.status == 416
    assert response.headers["Content-Range"] == "bytes */2560000"
    assert response.json()["reason"] == "INVALID_RANGE"


def test_a_part_of_another_version_is_answered_with_the_whole(get: Get, edge: Edge) -> None:
    etag = edge.storage.head(KEY).etag
    assert get(PATH, range="bytes=0-9", if_range=f'"{etag}"').status == 206
    assert get(PATH, range="bytes=0-9", if_range='"older"').data == CONTENT


@pytest.mark.parametrize(
    "path",
    [
        "/uploads/media-uploads/none.png",
        "/uploads/documents/secret.pdf",
        "/uploads/media-uploads/../documents/secret.pdf",
        "/uploads/media-uploads/%2e%2e/documents/secret.pdf",
        "/uploads/",
        "/other/" + quote(KEY),
        "/",
    ],
)
def test_nothing_else_is_there_and_the_problem_says_so(get: Get, path: str) -> None:
    response = get(path)
    assert response.status in {400, 404}
    assert b"classified" not in response.data
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == response.status


def test_nobody_can_write_here(get: Get) -> None:
    for method in ("PUT", "POST", "DELETE"):
        assert get(PATH, method).status == 405


def test_a_damaged_object_is_never_content(get: Get, edge: Edge) -> None:
    key = "media-uploads/2026/11_21/original/damaged.png"
    edge.storage.put(key, [CONTENT], content_type="image/png")
    (path,) = (edge.folder / "objects").rglob("damaged.png")
    content = bytearray(path.read_bytes())
    content[-len(CONTENT) // 2] ^= 1
    path.write_bytes(content)
    try:
        response = get(f"/uploads/{key}")
    except urllib3.exceptions.HTTPError:
        return  # the connection was cut before the content was complete
    assert response.status >= 500
    assert response.headers["Content-Type"] == "application/problem+json"


def signed(edge: Edge, key: str, **request: object) -> str:
    """Ask the storage service for a signed URL; returns its path and query."""
    url = edge.storage.sign_url(key, **request).url
    assert url.startswith("http://127.0.0.1:8080/signed/")
    return url.removeprefix("http://127.0.0.1:8080")


def test_a_signed_url_opens_one_object_of_any_key(get: Get, edge: Edge) -> None:
    path = signed(edge, "documents/secret.pdf")
    response = get(path)
    assert response.status == 200
    assert response.data == b"classified"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert get(path, "HEAD").status == 200
    assert get(path, "PUT", body=b"mine").status == 403
    assert get(path.replace("secret", "other")).status == 403
    assert get(path.replace("expires=1", "expires=2")).status == 403
    assert get(path[:-1] + ("0" if path[-1] != "0" else "1")).status == 403
    assert get("/signed/documents/secret.pdf").status == 403


def test_a_signed_url_takes_in_one_object(get: Get, edge: Edge) -> None:
    path = signed(edge, "drop/new.bin", method="PUT", content_type="image/png")
    wrong = get(path, "PUT", body=b"x", content_type="text/html")
    assert wrong.status == 400
    assert wrong.json()["reason"] == "INVALID_REQUEST"
    assert edge.storage.head_or_none("drop/new.bin") is None
    stored = get(path, "PUT", body=CONTENT, content_type="image/png")
    assert stored.status == 200
    reader = edge.storage.get("drop/new.bin")
    assert reader.read() == CONTENT
    assert stored.headers["ETag"] == f'"{reader.info.etag}"'
    assert get(path).status == 403


def test_a_body_that_breaks_off_stores_nothing(edge: Edge) -> None:
    path = signed(edge, "drop/half.bin", method="PUT")
    host, _, port = edge.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as connection:
        head = f"PUT {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
        connection.sendall(head.encode() + b"half")
    time.sleep(0.3)
    assert edge.storage.head_or_none("drop/half.bin") is None
