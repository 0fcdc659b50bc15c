"""From a filter of the contract to a condition of the database."""

from sqlalchemy import Select, select

from services.ingest.catalog.messages import value_word
from services.ingest.catalog.tables import AssetRow, TagRow
from services.rpc.errors import InvalidRequest
from tintype.ingest.v1 import asset_pb2 as pb
from tintype.ingest.v1 import ingest_pb2


def filtered(owner: str, wanted: ingest_pb2.AssetFilter) -> Select[AssetRow]:
    """Select an owner's assets that the filter wants; its empty fields do not matter.

    With a tag, `TagRow` is joined, by whose columns the rows are best ordered then.
    """
    query = select(AssetRow).filter_by(owner=owner)
    _check_enums(wanted)
    if wanted.states:
        names = [pb.AssetState.Name(state) for state in wanted.states]
        query = query.where(
            AssetRow.state.in_([value_word(name, "ASSET_STATE_") for name in names])
        )
    if wanted.kind:
        query = query.filter_by(kind=value_word(pb.AssetKind.Name(wanted.kind), "ASSET_KIND_"))
    if wanted.source:
        source = value_word(pb.AssetSource.Name(wanted.source), "ASSET_SOURCE_")
        query = query.filter_by(source=source)
    for column in ("group", "project", "category"):
        if value := getattr(wanted, column):
            query = query.where(getattr(AssetRow, column) == value)
    if wanted.tag:
        query = query.join(TagRow, TagRow.asset_id == AssetRow.id).where(
            TagRow.tag == wanted.tag, TagRow.owner == owner
        )
    return query


def _check_enums(wanted: ingest_pb2.AssetFilter) -> None:
    """Refuse numbers that have no name here: proto3 lets any through.

    Raises:
        InvalidRequest: there is one.
    """
    for name, numbers, known in (
        ("states", wanted.states, pb.AssetState),
        ("kind", [wanted.kind], pb.AssetKind),
        ("source", [wanted.source], pb.AssetSource),
    ):
        if unknown := set(numbers) - set(known.values()):
            raise InvalidRequest(f"{name} {min(unknown)} is none that this version knows")
