"""Objects that no asset names any more, remembered until they are deleted."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.ingest.catalog.sessions import Sessions
from services.ingest.catalog.tables import GarbageRow, RenditionRow


class Garbage(Sessions):
    """The catalog's part for objects that are to be deleted."""

    def add_garbage(self, keys: Sequence[str]) -> list[str]:
        """Remember objects that are to be deleted; returns those that no asset names.

        The others are left alone: a commit may have happened although the database could
        not say so any more.
        """
        with self.write() as session:
            query = select(RenditionRow.storage_key).where(RenditionRow.storage_key.in_(keys))
            named = set(session.scalars(query))
            unnamed = [key for key in keys if key not in named]
            add_garbage(session, unnamed)
            return unnamed

    def garbage(self, limit: int = 1000) -> Sequence[str]:
        """Return keys of objects that are to be deleted, those that waited longest first."""
        with self.read() as session:
            query = select(GarbageRow.storage_key).order_by(GarbageRow.time).limit(limit)
            return session.scalars(query).all()

    def forget_garbage(self, keys: Sequence[str]) -> None:
        """Forget objects that were deleted."""
        with self.write() as session:
            session.execute(delete(GarbageRow).where(GarbageRow.storage_key.in_(keys)))


def add_garbage(session: Session, keys: Sequence[str]) -> None:
    """Remember objects that are to be deleted, inside the transaction."""
    for key in keys:
        session.merge(GarbageRow(storage_key=key, time=datetime.now(UTC)))
