"""`tintype ingest`: files and folders in, assets out."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tintype.cli import screen
from tintype.cli.batch import Batch
from tintype.cli.exits import CommandFailed, ExitCode, Usage
from tintype.cli.files import Unreadable, find_pictures
from tintype.cli.ingest_report import IngestReport
from tintype.cli.options import INGEST_ADDRESS, AsJson, IngestAddress, Owner, TimeoutS
from tintype.ingest.client import IngestClient
from tintype.ingest.v1 import asset_pb2, ingest_pb2


class Source(StrEnum):
    """Where a file came from, as the contract's AssetSource."""

    UPLOAD = "upload"
    DISCORD = "discord"
    PINTEREST = "pinterest"
    AI = "ai"


def ingest(
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE|FOLDER...", help="Pictures, or folders of them.")
    ],
    *,
    owner: Owner = "",
    source: Annotated[Source, typer.Option(help="Where they came from.")] = Source.UPLOAD,
    external_id: Annotated[
        str, typer.Option(help="Your own name for one file; again, it gives the same asset.")
    ] = "",
    title: Annotated[str, typer.Option(help="Title.")] = "",
    description: Annotated[str, typer.Option(help="Description.")] = "",
    tag: Annotated[list[str] | None, typer.Option(help="A tag; may be given often.")] = None,
    category: Annotated[str, typer.Option(help="Category.")] = "",
    group: Annotated[str, typer.Option(help="Assets that belong together.")] = "",
    project: Annotated[str, typer.Option(help="Project.")] = "",
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, max=64, help="Files at a time.")] = 4,
    timeout_s: TimeoutS = 300,
    address: IngestAddress = INGEST_ADDRESS,
    as_json: AsJson = False,
) -> int:
    """Ingest pictures, several at one time.

    Folders are walked to their depth for files that end like a picture. A file that
    cannot be read or is refused is named, the others go on, and the exit code is 1.

    --json: {"file", "existed", "asset"} or {"file", "error": {"reason", "message"}} for
    each file, in the order they finish.

    Examples:

        tintype ingest photo.jpg

        tintype ingest --tag holiday --tag 2026 --jobs 8 ~/Pictures

        tintype ingest --external-id order-17 --title "Front view" front.png
    """
    found = list(find_pictures(paths))
    if external_id and len(found) != 1:
        raise Usage(f"--external-id is the name of one file, not of {len(found)}")
    options = ingest_pb2.IngestOptions(
        owner=owner,
        source=f"ASSET_SOURCE_{source.name}",
        external_id=external_id,
        details=asset_pb2.AssetDetails(
            title=title,
            description=description,
            tags=tag or [],
            category=category,
            group=group,
            project=project,
        ),
    )
    readable = [path for path in found if isinstance(path, Path)]
    report = IngestReport(address, readable, as_json=as_json)
    with IngestClient(address) as client, report.progress:
        for path in found:
            if isinstance(path, Unreadable):
                report.unreadable(path)
        try:
            batch = Batch(client, options, jobs, timeout_s)
            for outcome in batch.run(readable, report.advance):
                report.outcome(outcome)
        except KeyboardInterrupt:
            raise CommandFailed(f"stopped; {report.summary()}", ExitCode.INTERRUPTED) from None
    if not as_json:
        screen.say(report.summary())
    return report.exit_code
