"""`tintype palette`: the colours of a picture, without storing it."""

from typing import Annotated

import typer

from tintype.cli import screen
from tintype.cli.content import open_input
from tintype.cli.exits import service_errors
from tintype.cli.options import IMAGING_ADDRESS, AsJson, FileOrStdin, ImagingAddress, TimeoutS
from tintype.imaging.client import ImagingClient
from tintype.streams import read_chunks


def palette(
    file: FileOrStdin,
    *,
    number: Annotated[int, typer.Option("--size", min=1, max=16, help="How many colours.")] = 5,
    timeout_s: TimeoutS = 60,
    address: ImagingAddress = IMAGING_ADDRESS,
    as_json: AsJson = False,
) -> None:
    """Show the colours of a picture with their shares, largest first. Nothing is stored.

    --json: {"file", "colors": [{"hex", "share"}]}.

    Examples:

        tintype palette photo.jpg

        curl -s https://example.org/photo.jpg | tintype palette - --json
    """
    with (
        service_errors("imaging", address),
        ImagingClient(address) as client,
        open_input(file) as content,
    ):
        answer = client.palette(read_chunks(content), number, timeout_s=timeout_s)
        colors = [(f"#{color.rgb:06x}", color.share) for color in answer]
    if as_json:
        shares = [{"hex": name, "share": round(share, 6)} for name, share in colors]
        screen.say_json({"file": str(file), "colors": shares})
        return
    console = screen.output()
    for line in screen.named_swatches(console, colors):
        console.print(line)
