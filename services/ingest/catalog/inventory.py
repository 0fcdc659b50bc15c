"""What the catalog names, over all owners: for the sweep and for rebuilding."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Engine, Select, func, select
from sqlalchemy.orm import Session

from services.ingest.catalog.tables import AssetRow, RenditionRow

_BATCH = 1000


class NamedObject(NamedTuple):
    """One object that an asset names."""

    storage_key: str
    asset_id: str
    owner: str
    rendition: str


class Inventory:
    """Reads the catalog in large strides, each its own short transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def objects(self) -> Iterator[NamedObject]:
        """Yield every object that an asset names, in the byte order of the keys."""
        last_key = ""
        while True:
            batch = self._objects(RenditionRow.storage_key > last_key, _BATCH)
            yield from batch
            if len(batch) < _BATCH:
                return
            last_key = batch[-1].storage_key

    def find(self, storage_key: str) -> NamedObject | None:
        """Return which asset names an object now; None if no asset does."""
        found = self._objects(RenditionRow.storage_key == storage_key, 1)
        return found[0] if found else None

    def count_behind(self, recipe_version: int, owner: str) -> int:
        """Count whole images made by an older recipe; an empty owner stands for all."""
        with Session(self._engine) as session:
            behind = self._behind(recipe_version, owner).subquery()
            return session.scalar(select(func.count()).select_from(behind)) or 0

    def behind(self, recipe_version: int, owner: str) -> Iterator[tuple[str, str]]:
        """Yield (owner, id) of whole images made by an older recipe, by id."""
        last_id = ""
        while True:
            query = self._behind(recipe_version, owner).where(AssetRow.id > last_id)
            with Session(self._engine) as session:
                batch = session.execute(query.order_by(AssetRow.id).limit(_BATCH)).all()
            for row in batch:
                yield row.owner, row.id
            if len(batch) < _BATCH:
                return
            last_id = batch[-1].id

    def owners_of(self, asset_ids: Sequence[str], owner: str) -> list[tuple[str, str]]:
        """Return (owner, id) of those of the assets that exist; an empty owner stands for all."""
        query = select(AssetRow.owner, AssetRow.id).where(AssetRow.id.in_(asset_ids))
        if owner:
            query = query.where(AssetRow.owner == owner)
        with Session(self._engine) as session:
            return [(row.owner, row.id) for row in session.execute(query)]

    def _objects(self, condition: ColumnElement[bool], limit: int) -> list[NamedObject]:
        query = (
            select(
                RenditionRow.storage_key, RenditionRow.asset_id, AssetRow.owner, RenditionRow.name
            )
            .join(AssetRow, AssetRow.id == RenditionRow.asset_id)
            .where(condition)
            .order_by(RenditionRow.storage_key)
            .limit(limit)
        )
        with Session(self._engine) as session:
            return [NamedObject(*row) for row in session.execute(query)]

    @staticmethod
    def _behind(recipe_version: int, owner: str) -> Select[str, str]:
        query = select(AssetRow.owner, AssetRow.id).where(
            AssetRow.recipe_version < recipe_version,
            AssetRow.kind == "image",
            AssetRow.state.in_(("queued", "draft", "active")),
        )
        return query.where(AssetRow.owner == owner) if owner else query
