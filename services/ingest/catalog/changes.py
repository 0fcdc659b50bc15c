"""The record of changes that watchers follow."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, exists, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from services.ingest.catalog.tables import ChangeRow, OwnerRow
from tintype.ingest.v1 import asset_pb2 as pb
from tintype.ingest.v1 import ingest_pb2

_INSERTS: dict[str, Callable[..., Any]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


def record_change(session: Session, asset: pb.Asset, change: str) -> None:
    """Add a change, "upserted" or "deleted", to the owner's record, inside the transaction."""
    session.add(
        ChangeRow(
            owner=asset.owner,
            sequence=_next_sequence(session, asset.owner),
            asset_id=asset.id,
            change=change,
            asset=asset.SerializeToString(),
            time=datetime.now(UTC),
        )
    )


def read_changes(
    session: Session, owner: str, after: int, limit: int
) -> list[tuple[int, ingest_pb2.WatchAssetsResponse]]:
    """Return an owner's changes after a sequence number, in order, each with its own."""
    query = (
        select(ChangeRow)
        .where(ChangeRow.owner == owner, ChangeRow.sequence > after)
        .order_by(ChangeRow.sequence)
        .limit(limit)
    )
    return [(row.sequence, _change_message(row)) for row in session.scalars(query)]


def forget_overtaken(session: Session, before: datetime, limit: int) -> int:
    """Delete changes older than a time of assets that have a newer one; returns how many.

    A watcher that comes later still learns how every asset is now.
    """
    newer = aliased(ChangeRow)
    overtaken = exists().where(
        newer.owner == ChangeRow.owner,
        newer.asset_id == ChangeRow.asset_id,
        newer.sequence > ChangeRow.sequence,
    )
    query = select(ChangeRow.owner, ChangeRow.sequence).where(ChangeRow.time < before, overtaken)
    found = [tuple(row) for row in session.execute(query.limit(limit))]
    if found:
        place = tuple_(ChangeRow.owner, ChangeRow.sequence)
        session.execute(delete(ChangeRow).where(place.in_(found)))
    return len(found)


def last_sequence(session: Session, owner: str) -> int:
    """Return the number of an owner's newest change; 0 if there is none."""
    row = session.get(OwnerRow, owner)
    return row.last_sequence if row else 0


def _change_message(row: ChangeRow) -> ingest_pb2.WatchAssetsResponse:
    asset = pb.Asset.FromString(row.asset)
    if row.change == "deleted":
        asset = pb.Asset(id=row.asset_id, owner=row.owner)
    return ingest_pb2.WatchAssetsResponse(
        cursor=str(row.sequence), change=f"ASSET_CHANGE_{row.change.upper()}", asset=asset
    )


def _next_sequence(session: Session, owner: str) -> int:
    """Count up the owner's changes; the row stays locked until the transaction ends.

    A sequence of the database would be handed out in another order than that of the
    commits, and a watcher could pass over a change that commits late.
    """
    insert = _INSERTS[session.get_bind().dialect.name]
    statement = insert(OwnerRow).values(owner=owner, last_sequence=1)
    statement = statement.on_conflict_do_update(
        index_elements=[OwnerRow.owner],
        set_={"last_sequence": OwnerRow.last_sequence + 1},
    )
    sequence: int = session.execute(statement.returning(OwnerRow.last_sequence)).scalar_one()
    return sequence
