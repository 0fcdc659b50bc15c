"""The record of changes that watchers follow."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.ingest.catalog.tables import ChangeRow, OwnerRow
from tintype.ingest.v1 import asset_pb2 as pb

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
