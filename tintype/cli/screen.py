"""What the terminal shows: consoles, swatches, sizes, JSON. Heeds NO_COLOR and pipes."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import typer
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from rich.console import Console
from rich.filesize import decimal
from rich.text import Text

# A pipe has no width; lines and table cells must not be cut for it.
_PIPE_WIDTH = 4096


def output(*, errors: bool = False) -> Console:
    """Return a console on standard output, or standard error, as it is now."""
    stream = sys.stderr if errors else sys.stdout
    return Console(
        stderr=errors,
        width=None if stream.isatty() else _PIPE_WIDTH,
        highlight=False,
        emoji=False,
        markup=False,
    )


def complain(message: str) -> None:
    """Write one line about an error to standard error."""
    typer.echo(f"tintype: {printable(message)}", err=True)


def say(message: str) -> None:
    """Write one line to standard output."""
    typer.echo(printable(message))


def say_json(value: dict[str, Any]) -> None:
    """Write one JSON object as one line to standard output."""
    typer.echo(json_line(value))


def json_line(value: dict[str, Any]) -> str:
    """Encode one JSON object in one line of ASCII."""
    return json.dumps(value)


def as_json(message: Message) -> dict[str, Any]:
    """Return a message in protobuf's own JSON mapping, fields named as in the .proto file.

    64-bit numbers are strings, bytes base64, times RFC 3339; empty fields are there.
    """
    return MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )


def printable(text: str) -> str:
    """Return a name that may come from anywhere so that it cannot steer the terminal."""
    return text if text.isprintable() else text.encode("unicode_escape").decode()


def size(size_bytes: int) -> str:
    """Say a number of bytes for a person, in powers of 1,000."""
    return decimal(size_bytes)


def swatch(console: Console, name: str, cell: str = "   ") -> Text:
    """Paint one colour ("#rrggbb"); nothing where there is no colour."""
    return Text(cell, f"on {name}") if _paints(console) else Text()


def swatches(console: Console, names: Sequence[str], cell: str = "   ") -> Text:
    """Paint colours side by side; their names where there is no colour."""
    if not _paints(console):
        return Text(" ".join(names))
    return Text.assemble(*(swatch(console, name, cell) for name in names))


def named_swatches(console: Console, colors: Iterable[tuple[str, float]]) -> Iterator[Text]:
    """Yield one line per colour and share: a swatch, its name, its share."""
    for name, share in colors:
        line = swatch(console, name, "      ")
        yield line.append(f"{'  ' if line else ''}{name}  {share:6.1%}", "default")


def _paints(console: Console) -> bool:
    """Tell whether a swatch would be seen."""
    return console.color_system is not None and not console.no_color
