import io
import socket
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
import urllib3
from PIL import Image

from services.local import folder, photographs
from services.local.contact_sheet import make_row, write_sheet
from services.local.failure import Failure
from services.local.proof import Opened, open_url
from services.local.ready import check_ports
from services.local.settings import LocalSettings
from tintype.ingest.v1 import asset_pb2


def test_the_free_photographs_are_there_and_say_whose_they_are() -> None:
    chosen = photographs.choose([])
    assert [path.name for path in chosen] == list(photographs.FREE_PHOTOGRAPHS)
    assert all(path.stat().st_size > 10_000 for path in chosen)
    assert all(
        "public domain" in credit or "CC0" in credit
        for credit in photographs.FREE_PHOTOGRAPHS.values()
    )


def test_too_many_photographs_are_refused_before_anything_starts(tmp_path: Path) -> None:
    for number in range(photographs.MAX_PHOTOGRAPHS + 1):
        (tmp_path / f"{number}.jpg").touch()
    with pytest.raises(Failure, match="101 photographs are too many"):
        photographs.choose([tmp_path])


def test_two_processes_cannot_have_one_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"127.0.0.1:{listener.getsockname()[1]}"
    settings = LocalSettings(storage_listen=address, edge_listen=address)
    with pytest.raises(Failure, match=f"cannot listen on {address}.*TINTYPE_EDGE_LISTEN"):
        check_ports(settings)


def test_a_host_that_is_not_here_is_named() -> None:
    with pytest.raises(Failure, match=r"cannot listen on 192\.0\.2\.1:1234"):
        check_ports(LocalSettings(imaging_listen="192.0.2.1:1234"))


def test_the_demos_own_folder_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = folder.prepare(None)
    (made / "objects").mkdir()
    assert folder.prepare(None) == made
    assert not (made / "objects").exists()


def test_a_chosen_folder_keeps_what_it_has(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("x")
    assert folder.prepare(tmp_path) == tmp_path
    assert (tmp_path / "kept").exists()


def test_the_sheet_takes_every_shape_and_name(tmp_path: Path) -> None:
    shapes = [(1, 1), (5000, 3), (3, 5000), (640, 480), (2000, 2000)]
    asset = asset_pb2.Asset(id="x" * 22, file_name="écran " * 60, format="png")
    asset.colors.extend(asset_pb2.SampledColor(hex="#336699", share=0.2) for _ in range(5))
    opened = [
        Opened(asset_pb2.Rendition(name="preview", width_px=size[0]), Image.new(mode, size))
        for size, mode in zip(shapes, ["L", "RGB", "RGBA", "P", "LA"], strict=True)
    ]
    write_sheet([make_row(asset, opened)] * 3, tmp_path / "sheet.png")
    one = Image.open(tmp_path / "sheet.png")
    assert one.getpixel((100, 118 + 46 + 8 + 200 + 34 + 8 + 10)) == (0x33, 0x66, 0x99)


class _Answers(BaseHTTPRequestHandler):
    """Answers with what the test put here."""

    body: ClassVar[bytes] = b""
    headers_to_send: ClassVar[dict[str, str]] = {}

    def do_GET(self) -> None:  # the library's name
        self.send_response(200)
        for name, value in self.headers_to_send.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, None),
        ({"Content-Type": "text/plain"}, "Content-Type is 'text/plain', not 'image/png'"),
        ({"Content-Length": "7"}, "Content-Length is '7'"),
        ({"ETag": '"other"'}, "ETag is 'other', not 'e'"),
        ({"width_px": 11}, "decodes to 10x10, not 11x10"),
    ],
)
def test_opening_a_url_notices_what_is_wrong(changes: dict[str, object], says: str | None) -> None:
    encoded = io.BytesIO()
    Image.new("RGB", (10, 10)).save(encoded, "PNG")
    _Answers.body = encoded.getvalue()
    _Answers.headers_to_send = {
        "Content-Type": "image/png",
        "Content-Length": str(len(_Answers.body)),
        "ETag": '"e"',
    } | {name: str(value) for name, value in changes.items() if name != "width_px"}
    with HTTPServer(("127.0.0.1", 0), _Answers) as server, urllib3.PoolManager() as http:
        thread = Thread(target=server.serve_forever)
        thread.start()
        rendition = asset_pb2.Rendition(
            url=f"http://127.0.0.1:{server.server_port}/x.png",
            content_type="image/png",
            size_bytes=len(_Answers.body),
            etag="e",
            width_px=int(str(changes.get("width_px", 10))),
            height_px=10,
        )
        try:
            if says is None:
                assert open_url(http, rendition).image.size == (10, 10)
            else:
                with pytest.raises(Failure, match=says):
                    open_url(http, rendition)
        finally:
            server.shutdown()
            thread.join()
