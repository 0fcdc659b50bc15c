"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

INGEST_ADDRESS = "127.0.0.1:50053"
STORAGE_ADDRESS = "127.0.0.1:50051"
IMAGING_ADDRESS = "127.0.0.1:50052"

IngestAddress = Annotated[
    str,
    typer.Option(
        "--ingest",
        envvar="TINTYPE_INGEST_ADDRESS",
        metavar="HOST:PORT",
        help="Where the ingest service listens.",
    ),
]
StorageAddress = Annotated[
    str,
    typer.Option(
        "--storage",
        envvar="TINTYPE_STORAGE_ADDRESS",
        metavar="HOST:PORT",
        help="Where the storage service listens.",
    ),
]
ImagingAddress = Annotated[
    str,
    typer.Option(
        "--imaging",
        envvar="TINTYPE_IMAGING_ADDRESS",
        metavar="HOST:PORT",
        help="Where the imaging service listens.",
    ),
]
AsJson = Annotated[
    bool,
    typer.Option(
        "--json",
        help="JSON on standard output, one object a line, named as in the .proto files.",
    ),
]
TimeoutS = Annotated[
    float,
    typer.Option("--timeout", min=0.001, metavar="SECONDS", help="Longest time for one call."),
]
Owner = Annotated[
    str, typer.Option("--owner", help="Whose assets. Without it: your own.", metavar="NAME")
]
FileOrStdin = Annotated[Path, typer.Argument(metavar="FILE|-", help="A file; - is standard input.")]
