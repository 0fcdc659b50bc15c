"""Assets with the same bytes: finding one, and leading from one to the other."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.ingest.catalog.tables import AliasRow, AssetRow


def find_equal(session: Session, owner: str, digest: bytes, other_than: str) -> AssetRow | None:
    """Return the owner's oldest asset whose original has this SHA-256; None if there is none.

    Args:
        session: a transaction.
        owner: whose.
        digest: the SHA-256.
        other_than: id of an asset that does not count.
    """
    query = (
        select(AssetRow)
        .filter_by(owner=owner, sha256=digest)
        .where(AssetRow.state.not_in(("failed", "rejected")), AssetRow.id != other_than)
        .order_by(AssetRow.create_time, AssetRow.id)
        .limit(1)
    )
    return session.scalars(query).first()


def lead_to(session: Session, row: AssetRow, target_id: str) -> None:
    """Let an asset's id and external id mean another asset, once the row is deleted."""
    session.add(
        AliasRow(asset_id=row.id, owner=row.owner, external_id=row.external_id, target_id=target_id)
    )


def alias_of_id(owner: str, asset_id: str) -> Select[AssetRow]:
    """Select the asset that this one made way for."""
    return _targets().where(AliasRow.owner == owner, AliasRow.asset_id == asset_id)


def alias_of_external_id(owner: str, external_id: str) -> Select[AssetRow]:
    """Select the asset that the one of this external id made way for."""
    return _targets().where(AliasRow.owner == owner, AliasRow.external_id == external_id).limit(1)


def _targets() -> Select[AssetRow]:
    return select(AssetRow).join(AliasRow, AliasRow.target_id == AssetRow.id)
