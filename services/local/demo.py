"""The demonstration: photographs in, finished assets out, every URL opened once."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import urllib3
from rich.console import Console
from rich.text import Text

from services.local.contact_sheet import Row, make_row, write_sheet
from services.local.failure import Failure
from services.local.proof import open_url
from tintype.cli import screen
from tintype.cli.asset_text import print_renditions, state_name
from tintype.cli.exits import explain
from tintype.errors import TintypeError
from tintype.ingest.client import IngestClient
from tintype.ingest.v1 import asset_pb2, ingest_pb2

_INGEST_TIMEOUT_S = 120.0
_RENDITIONS = ["original", "preview", "small", "medium", "large"]


@dataclass(frozen=True)
class Demo:
    """What is shown and where it is reached.

    Attributes:
        ingest_address: of the ingest service.
        photographs: readable files.
        sheet: where the contact sheet is written.
        check: raises if a process has ended.
    """

    console: Console
    ingest_address: str
    photographs: list[Path]
    sheet: Path
    check: Callable[[], None]

    def run(self) -> None:
        """Ingest, show and prove each photograph, then write the contact sheet.

        Raises:
            Failure: a photograph is refused, or an asset is not what it should be.
        """
        started_s = time.monotonic()
        rows: list[Row] = []
        urls = 0
        with IngestClient(self.ingest_address) as client, urllib3.PoolManager() as http:
            for photograph in self.photographs:
                self.check()
                asset = self._ingest(client, photograph)
                opened = [open_url(http, rendition) for rendition in asset.renditions]
                urls += len(opened)
                self._show(asset)
                rows.append(make_row(asset, opened))
        seconds = time.monotonic() - started_s
        write_sheet(rows, self.sheet)
        self.console.print(
            f"\n{len(rows)} asset{'s' if len(rows) != 1 else ''} in {seconds:.1f} s; each of the"
            f" {urls} URLs opened with the right status, content type, length, ETag and width."
        )

    def _ingest(self, client: IngestClient, photograph: Path) -> asset_pb2.Asset:
        """Ingest one photograph and check that its asset is complete."""
        options = ingest_pb2.IngestOptions(file_name=photograph.name)
        try:
            done = client.ingest_file(photograph, options, timeout_s=_INGEST_TIMEOUT_S)
        except TintypeError as error:
            self.check()
            raise Failure(
                f"{photograph}: {explain(error, 'ingest', self.ingest_address)}"
            ) from error
        asset: asset_pb2.Asset = done.asset
        names = [rendition.name for rendition in asset.renditions]
        if names != _RENDITIONS or len(asset.colors) != 5:
            raise Failure(
                f"{photograph}: the asset has {names} and {len(asset.colors)} colours,"
                f" not {_RENDITIONS} and 5"
            )
        return asset

    def _show(self, asset: asset_pb2.Asset) -> None:
        """Print a finished asset."""
        console = self.console
        title = Text.assemble("\n", (screen.printable(asset.file_name), "bold"))
        title.append(f"  {asset.id}  {state_name(asset)}", "dim")
        console.print(title)
        colors = Text("  ")
        for color in asset.colors:
            colors.append_text(screen.swatch(console, color.hex)).append(f"{color.hex}  ")
        console.print(colors)
        print_renditions(console, asset)
