"""The contact sheet: one PNG with every photograph, its derivatives and its five colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from services.local.proof import Opened
from tintype.cli.screen import size
from tintype.ingest.v1 import asset_pb2

_PAPER, _INK, _FAINT, _RULE = "#f6f4ef", "#22211e", "#7d7a72", "#dedad0"
_MARGIN, _GAP = 56, 20
_CELL = (268, 200)  # the box that each picture is fitted into
_CELLS = 5
_WIDTH = 2 * _MARGIN + _CELLS * _CELL[0] + (_CELLS - 1) * _GAP
_TITLE_HEIGHT, _CAPTION_HEIGHT, _SWATCH_HEIGHT = 46, 34, 38
_ROW_HEIGHT = _TITLE_HEIGHT + _CELL[1] + _CAPTION_HEIGHT + _SWATCH_HEIGHT + 28 + 44
_HEADER_HEIGHT = 118


@dataclass(frozen=True)
class Row:
    """One photograph on the sheet: small pictures only, so that a hundred rows stay small."""

    asset: asset_pb2.Asset
    cells: list[tuple[asset_pb2.Rendition, Image.Image]]


def make_row(asset: asset_pb2.Asset, opened: Sequence[Opened]) -> Row:
    """Shrink an asset's pictures to the boxes of the sheet."""
    cells = []
    for one in opened:
        image = one.image.convert("RGBA" if one.image.has_transparency_data else "RGB")
        image.thumbnail(_CELL, Image.Resampling.LANCZOS)
        cells.append((one.rendition, image))
    return Row(asset, cells)


def write_sheet(rows: Sequence[Row], path: Path) -> None:
    """Draw the sheet and write it as a PNG."""
    sheet = Image.new("RGB", (_WIDTH, _HEADER_HEIGHT + len(rows) * _ROW_HEIGHT), _PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((_MARGIN, 36), "Tintype", _INK, _font(40))
    count = f"{len(rows)} photograph{'s' if len(rows) != 1 else ''}"
    draw.text((_WIDTH - _MARGIN, 52), count, _FAINT, _font(20), anchor="ra")
    for index, row in enumerate(rows):
        _draw_row(sheet, draw, row, _HEADER_HEIGHT + index * _ROW_HEIGHT)
    sheet.save(path, optimize=True)


def _draw_row(sheet: Image.Image, draw: ImageDraw.ImageDraw, row: Row, top: int) -> None:
    """Draw one photograph: title, pictures with captions, colours."""
    asset = row.asset
    draw.line((_MARGIN, top, _WIDTH - _MARGIN, top), _RULE, 2)
    draw.text((_MARGIN, top + 16), _shortened(asset.file_name), _INK, _font(21))
    facts = f"{asset.format}  {asset.width_px} x {asset.height_px}   {asset.id}"
    draw.text((_WIDTH - _MARGIN, top + 19), facts, _FAINT, _font(16), anchor="ra")
    top += _TITLE_HEIGHT + 8
    for index, (rendition, image) in enumerate(row.cells):
        left = _MARGIN + index * (_CELL[0] + _GAP)
        # Stood on one line, as prints on a shelf.
        corner = (left, top + _CELL[1] - image.height)
        sheet.paste(image, corner, image if image.mode == "RGBA" else None)
        caption = top + _CELL[1] + 8
        draw.text((left, caption), rendition.name, _INK, _font(16))
        what = f"{rendition.width_px} x {rendition.height_px}  {size(rendition.size_bytes)}"
        draw.text((left + _CELL[0], caption), what, _FAINT, _font(14), anchor="ra")
    top += _CELL[1] + _CAPTION_HEIGHT + 8
    _draw_colors(draw, asset, top)


def _draw_colors(draw: ImageDraw.ImageDraw, asset: asset_pb2.Asset, top: int) -> None:
    """Draw the five colours as a strip, each under its own column, with name and share."""
    for index, color in enumerate(asset.colors):
        left = _MARGIN + index * (_CELL[0] + _GAP)
        box = (left, top, left + _CELL[0], top + _SWATCH_HEIGHT)
        draw.rounded_rectangle(box, 6, color.hex)
        below = top + _SWATCH_HEIGHT + 7
        draw.text((left, below), color.hex, _INK, _font(14))
        draw.text((left + _CELL[0], below), f"{color.share:.0%}", _FAINT, _font(14), anchor="ra")


def _font(points: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return Pillow's own font; one that the system may not have is not asked for."""
    return ImageFont.load_default(points)


def _shortened(name: str, longest: int = 60) -> str:
    """Cut a long name in its middle, so that its ending stays."""
    if len(name) <= longest:
        return name
    return f"{name[: longest - 20]}...{name[-17:]}"
