"""`tintype reprocess` and `tintype sweep`: keeping what is there in order."""

from typing import Annotated

import typer
from google.protobuf.duration_pb2 import Duration
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from tintype.cli import screen
from tintype.cli.exits import CommandFailed, ExitCode, service_errors
from tintype.cli.options import INGEST_ADDRESS, AsJson, IngestAddress
from tintype.errors import client_errors
from tintype.ingest.client import IngestClient
from tintype.ingest.v1 import ingest_pb2


def reprocess(
    asset_ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID...", help="Only these, behind or not.")
    ] = None,
    *,
    owner: Annotated[
        str, typer.Option(help="Only this owner's. Without it: everybody's.", metavar="NAME")
    ] = "",
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, max=64, help="At a time.")] = 2,
    address: IngestAddress = INGEST_ADDRESS,
    as_json: AsJson = False,
) -> ExitCode:
    """Make derivatives and colours again for all assets whose recipe is behind.

    May be stopped with Ctrl-C and started again at any time: what is done stays done.

    --json: {"id", "error"} for each asset, the error null or {"reason", "message"}.

    Example:

        tintype reprocess --jobs 4
    """
    request = ingest_pb2.ReprocessAssetsRequest(
        owner=owner, asset_ids=asset_ids or [], concurrency=jobs
    )
    errors = screen.output(errors=True)
    answer = ingest_pb2.ReprocessAssetsResponse()
    columns = (MofNCompleteColumn(), BarColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=errors, transient=True, disable=not errors.is_interactive)
    try:
        with service_errors("ingest", address), IngestClient(address) as client, bar:
            task = bar.add_task("reprocess", total=None)
            with client_errors():
                for answer in client.stub.ReprocessAssets(request):
                    finished = answer.done_count + answer.failed_count
                    bar.update(task, total=answer.total_count, completed=finished)
                    _show_reprocessed(answer, as_json=as_json)
    except KeyboardInterrupt:
        raise CommandFailed(f"stopped; {_summary(answer)}", ExitCode.INTERRUPTED) from None
    if not as_json:
        screen.say(_summary(answer))
    return ExitCode.FAILED if answer.failed_count else ExitCode.OK


def sweep(
    *,
    repair: Annotated[bool, typer.Option("--repair", help="Repair what is found.")] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Read every object and check its bytes.")
    ] = False,
    min_age_s: Annotated[
        int,
        typer.Option("--min-age", min=0, metavar="SECONDS", help="Leave what is younger alone."),
    ] = 3600,
    address: IngestAddress = INGEST_ADDRESS,
    as_json: AsJson = False,
) -> ExitCode:
    """Compare catalog and store; report what is wrong, and repair it if told to.

    Finds objects that belong to no asset, objects of assets that are missing or damaged,
    and uploads that nobody finishes. The exit code is 1 if something is wrong and was not
    repaired.

    --json: each finding as the contract's SweepResponse.

    Examples:

        tintype sweep

        tintype sweep --repair --verify
    """
    request = ingest_pb2.SweepRequest(
        repair=repair, verify_content=verify, min_age=Duration(seconds=min_age_s)
    )
    answer = ingest_pb2.SweepResponse()
    found = repaired = 0
    with service_errors("ingest", address), IngestClient(address) as client, client_errors():
        for answer in client.stub.Sweep(request):
            if answer.finding == ingest_pb2.SWEEP_FINDING_UNSPECIFIED:
                continue
            found += 1
            repaired += answer.repaired
            _show_finding(answer, as_json=as_json)
    if not as_json:
        screen.say(
            f"{answer.objects_count} objects, {answer.assets_count} assets;"
            f" {found} findings, {repaired} repaired"
        )
    return ExitCode.FAILED if found > repaired else ExitCode.OK


def _show_reprocessed(answer: ingest_pb2.ReprocessAssetsResponse, *, as_json: bool) -> None:
    """Say how one asset ended; the first message of all is about none."""
    if not answer.asset_id:
        return
    failed = answer.HasField("error")
    if as_json:
        error = {"reason": answer.error.reason, "message": answer.error.message}
        screen.say_json({"id": answer.asset_id, "error": error if failed else None})
    elif failed:
        screen.complain(f"{answer.asset_id}: {answer.error.message}")


def _summary(answer: ingest_pb2.ReprocessAssetsResponse) -> str:
    return (
        f"{answer.done_count} of {answer.total_count} made again"
        f"{f', {answer.failed_count} failed' if answer.failed_count else ''}"
    )


def _show_finding(answer: ingest_pb2.SweepResponse, *, as_json: bool) -> None:
    """Say one finding."""
    if as_json:
        screen.say_json(screen.as_json(answer))
        return
    name = ingest_pb2.SweepFinding.Name(answer.finding).removeprefix("SWEEP_FINDING_")
    what = name.lower().replace("_", " ")
    ending = "repaired" if answer.repaired else answer.message or "left as it is"
    whose = answer.asset_id or answer.upload_id
    screen.say(f"{what:<16} {answer.storage_key}  {whose}  {ending}")
