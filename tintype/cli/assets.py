"""`tintype assets`: look at assets and remove them."""

from enum import StrEnum
from itertools import islice
from typing import Annotated

import typer

from tintype.cli import screen
from tintype.cli.asset_text import asset_table, print_asset
from tintype.cli.exits import ExitCode, service_errors
from tintype.cli.options import INGEST_ADDRESS, AsJson, IngestAddress, Owner, TimeoutS
from tintype.cli.removal import remove_each
from tintype.ingest.client import IngestClient
from tintype.ingest.v1 import ingest_pb2

app = typer.Typer(help="List, show and remove assets.", no_args_is_help=True)

AssetId = Annotated[str, typer.Argument(metavar="ID", help="The asset's id.")]


class State(StrEnum):
    """Where an asset stands, as the contract's AssetState."""

    PROCESSING = "processing"
    QUEUED = "queued"
    DRAFT = "draft"
    ACTIVE = "active"
    REJECTED = "rejected"
    FAILED = "failed"
    PENDING = "pending"
    READY = "ready"


@app.command("list")
def list_(
    *,
    owner: Owner = "",
    state: Annotated[
        list[State] | None, typer.Option(help="Only these; may be given often.")
    ] = None,
    tag: Annotated[str, typer.Option(help="Only with this tag.")] = "",
    project: Annotated[str, typer.Option(help="Only of this project.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="At most so many; 0: all.")] = 50,
    timeout_s: TimeoutS = 30,
    address: IngestAddress = INGEST_ADDRESS,
    as_json: AsJson = False,
) -> None:
    """List assets, newest first.

    --json: one asset a line.

    Examples:

        tintype assets list --state draft --state active

        tintype assets list --limit 0 --json | jq -r .id
    """
    wanted = ingest_pb2.AssetFilter(
        states=[f"ASSET_STATE_{one.name}" for one in state or []],
        tag=tag,
        project=project,
    )
    console = screen.output()
    with service_errors("ingest", address), IngestClient(address) as client:
        assets = client.list_assets(owner, wanted, timeout_s=timeout_s)
        shown = assets if limit == 0 else islice(assets, limit)
        if as_json:
            for asset in shown:
                screen.say_json(screen.as_json(asset))
            return
        table = asset_table(console, shown)
        more = limit and next(assets, None) is not None
    if not table.row_count:
        screen.complain("no assets")
        return
    console.print(table)
    if more:
        screen.complain(f"only the newest {limit} are shown; --limit 0 shows all")


@app.command()
def show(
    asset_id: AssetId,
    *,
    owner: Owner = "",
    timeout_s: TimeoutS = 30,
    address: IngestAddress = INGEST_ADDRESS,
    as_json: AsJson = False,
) -> None:
    """Show one asset with its URLs and colours.

    --json: the asset.

    Example:

        tintype assets show 4f9ZbQ7pTn2cXa81LmKdRe --json | jq -r '.renditions[].url'
    """
    with service_errors("ingest", address), IngestClient(address) as client:
        asset = client.get_asset(asset_id, owner, timeout_s=timeout_s)
    if as_json:
        screen.say_json(screen.as_json(asset))
    else:
        print_asset(screen.output(), asset)


@app.command()
def rm(
    asset_ids: Annotated[list[str], typer.Argument(metavar="ID...", help="The assets' ids.")],
    *,
    owner: Owner = "",
    timeout_s: TimeoutS = 30,
    address: IngestAddress = INGEST_ADDRESS,
    as_json: AsJson = False,
) -> ExitCode:
    """Remove assets: their rows and all their objects. There is no way back.

    --json: {"id", "removed"} for each.

    Example:

        tintype assets rm 4f9ZbQ7pTn2cXa81LmKdRe
    """
    with IngestClient(address) as client:
        return remove_each(
            asset_ids,
            lambda asset_id: client.delete_asset(asset_id, owner, timeout_s=timeout_s),
            called="id",
            as_json=as_json,
            service="ingest",
            address=address,
        )
