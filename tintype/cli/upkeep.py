"""`tintype sweep` and `tintype reprocess`: comparing, mending and rebuilding, with progress."""

from collections import Counter
from datetime import timedelta
from typing import Annotated

import typer
from google.protobuf.duration_pb2 import Duration
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tintype.cli import screen
from tintype.cli.exits import ExitCode, service_errors
from tintype.cli.options import INGEST_ADDRESS, AsJson, IngestAddress
from tintype.errors import client_errors
from tintype.ingest.client import IngestClient
from tintype.ingest.v1 import ingest_pb2


def sweep(
    *,
    repair: Annotated[bool, typer.Option(help="Mend what is found.")] = False,
    verify: Annotated[bool, typer.Option(help="Read every object and check its bytes.")] = False,
    min_age_s: Annotated[
        float,
        typer.Option("--min-age", min=0, help="Leave objects alone that are younger.", metavar="S"),
    ] = 3600,
    address: IngestAddress = INGEST_ADDRESS,
    as_json: AsJson = False,
) -> ExitCode:
    """Compare catalog and store: orphans, and what is missing or damaged.

    Ends with exit code 1 when something was found that is not mended. --json: one finding a line.

    Examples:

        tintype sweep --verify

        tintype sweep --repair --min-age 0
    """
    min_age = Duration()
    min_age.FromTimedelta(timedelta(seconds=min_age_s))
    request = ingest_pb2.SweepRequest(repair=repair, verify_content=verify, min_age=min_age)
    found: Counter[str] = Counter()
    left = 0
    columns = (TextColumn("{task.description}"), TextColumn("{task.completed:,} objects"))
    with (
        service_errors("ingest", address),
        IngestClient(address) as client,
        Progress(*columns, console=screen.output(errors=True), transient=True) as progress,
        client_errors(),
    ):
        task = progress.add_task("sweeping", total=None)
        for finding in client.stub.Sweep(request):
            progress.update(task, completed=finding.objects_count)
            if finding.finding:
                found[_word(finding)] += 1
                left += not finding.repaired
                if as_json:
                    screen.say_json(screen.as_json(finding))
                else:
                    screen.say(_line(finding))
    if not as_json:
        counts = ", ".join(f"{count} {word}" for word, count in sorted(found.items()))
        screen.say(
            f"{finding.objects_count:,} objects, {finding.assets_count:,} assets:"
            f" {counts or 'nothing found'}"
        )
    return ExitCode.FAILED if left else ExitCode.OK


def reprocess(
    asset_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="These, behind or not.")
    ] = None,
    *,
    owner: Annotated[str, typer.Option(help="Whose assets. Without it: everybody's.")] = "",
    concurrency: Annotated[int, typer.Option(min=1, max=64, help="At one time.")] = 2,
    address: IngestAddress = INGEST_ADDRESS,
    as_json: AsJson = False,
) -> ExitCode:
    """Make derivatives and colours again, for all assets that an older version made.

    May be interrupted and called again at any time: it goes on where it was. --json: one
    message of progress a line.

    Examples:

        tintype reprocess

        tintype reprocess --concurrency 8 --owner ann
    """
    request = ingest_pb2.ReprocessAssetsRequest(
        asset_ids=asset_ids or [], owner=owner, concurrency=concurrency
    )
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with (
        service_errors("ingest", address),
        IngestClient(address) as client,
        Progress(*columns, console=screen.output(errors=True), transient=True) as progress,
        client_errors(),
    ):
        task = progress.add_task("rebuilding", total=None)
        for state in client.stub.ReprocessAssets(request):
            done = state.done_count + state.failed_count
            progress.update(task, total=state.total_count, completed=done)
            if as_json:
                screen.say_json(screen.as_json(state))
            elif state.HasField("error"):
                screen.say(f"{state.asset_id}: {state.error.message}")
    if not as_json:
        screen.say(f"{state.done_count:,} rebuilt, {state.failed_count:,} failed")
    return ExitCode.FAILED if state.failed_count else ExitCode.OK


def _word(finding: ingest_pb2.SweepResponse) -> str:
    return ingest_pb2.SweepFinding.Name(finding.finding).removeprefix("SWEEP_FINDING_").lower()


def _line(finding: ingest_pb2.SweepResponse) -> str:
    state = "mended" if finding.repaired else finding.message or "found"
    asset = f" of asset {finding.asset_id}" if finding.asset_id else ""
    return f"{_word(finding)}: {finding.storage_key}{asset}: {state}"
