"""Assets for a person's eyes: as a line, as a row of a table, in full."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tintype.cli import screen
from tintype.ingest.v1 import asset_pb2


def state_name(asset: asset_pb2.Asset) -> str:
    """Return the state in lower case, as "draft"."""
    return asset_pb2.AssetState.Name(asset.state).removeprefix("ASSET_STATE_").lower()


def hexes(asset: asset_pb2.Asset) -> list[str]:
    """Return the sampled colours as "#rrggbb", largest share first."""
    return [color.hex for color in asset.colors]


def asset_line(console: Console, asset: asset_pb2.Asset) -> Text:
    """Say the least that is worth knowing in one line."""
    line = Text(f"{asset.id}  {state_name(asset)}  {asset.width_px}x{asset.height_px}  ")
    return line.append_text(screen.swatches(console, hexes(asset)))


def asset_table(console: Console, assets: Iterable[asset_pb2.Asset]) -> Table:
    """Build a table with one row an asset."""
    table = _grid("ID", "STATE", "CREATED (UTC)", "SIZE", "BYTES", "COLOURS", "NAME")
    for asset in assets:
        name = asset.details.title or asset.file_name
        table.add_row(
            asset.id,
            state_name(asset),
            f"{asset.create_time.ToDatetime():%Y-%m-%d %H:%M}",
            f"{asset.width_px}x{asset.height_px}",
            screen.size(asset.size_bytes),
            screen.swatches(console, hexes(asset), "  "),
            Text(screen.printable(name)),
        )
    return table


def print_asset(console: Console, asset: asset_pb2.Asset) -> None:
    """Print all that is known about an asset, empty fields left out."""
    details = asset.details
    facts = Table.grid(padding=(0, 2))
    for name, value in (
        ("id", asset.id),
        ("state", state_name(asset)),
        ("error", asset.error.message),
        ("owner", asset.owner),
        ("source", asset_pb2.AssetSource.Name(asset.source).removeprefix("ASSET_SOURCE_").lower()),
        ("external id", asset.external_id),
        ("file", asset.file_name),
        ("source url", asset.source_url),
        ("picture", f"{asset.format} {asset.width_px}x{asset.height_px}"),
        ("bytes", f"{asset.size_bytes:,}"),
        ("sha256", asset.sha256.hex()),
        ("title", details.title),
        ("description", details.description),
        ("tags", ", ".join(details.tags)),
        ("category", details.category),
        ("group", details.group),
        ("project", details.project),
        ("style", details.style),
        ("shot", details.shot),
        ("created", f"{asset.create_time.ToDatetime():%Y-%m-%d %H:%M:%S} UTC"),
        ("warnings", "; ".join(asset.warnings)),
    ):
        if value:
            facts.add_row(name, Text(screen.printable(value), overflow="fold"))
    console.print(facts)
    console.print()
    print_renditions(console, asset)
    console.print()
    for line in screen.named_swatches(console, ((one.hex, one.share) for one in asset.colors)):
        console.print(line)


def print_renditions(console: Console, asset: asset_pb2.Asset) -> None:
    """Print one line for each stored picture; its URL is last and never broken."""
    for rendition in asset.renditions:
        pixels = f"{rendition.width_px}x{rendition.height_px}"
        console.print(
            f"  {rendition.name:<9}{pixels:>10}{screen.size(rendition.size_bytes):>10}"
            f"  {rendition.url}",
            soft_wrap=True,
        )


def _grid(*headers: str) -> Table:
    """Return an empty table without lines, whose cells stay on one line where they can."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for header in headers:
        table.add_column(header, no_wrap=True)
    return table
