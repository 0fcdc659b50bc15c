"""The review lane: every transition is checked, and sampled colours are never touched."""

from collections.abc import Callable

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from services.ingest import review
from services.ingest.catalog.catalog import Catalog
from services.ingest.catalog.tables import AssetRow, TagRow
from services.ingest.errors import AssetChanged, ColorsMissing, WrongState
from services.rpc.errors import InvalidRequest
from tintype.ingest.v1 import asset_pb2, ingest_pb2

NewRow = Callable[..., AssetRow]
FIVE = [["#112233", 0.2]] * 5
ACTIONS = {
    "approve": lambda catalog, asset_id: review.approve(catalog, "ann", asset_id),
    "reject": lambda catalog, asset_id: review.reject(catalog, "ann", asset_id, "blurred"),
    "finalize": lambda catalog, asset_id: review.finalize(catalog, "ann", asset_id),
}
ALLOWED = {
    ("queued", "approve"): "draft",
    ("queued", "reject"): "rejected",
    ("draft", "reject"): "rejected",
    ("draft", "finalize"): "active",
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(
    "state", ["processing", "queued", "draft", "active", "rejected", "failed", "pending", "ready"]
)
def test_every_transition_is_checked(
    catalog: Catalog, row: NewRow, state: str, action: str
) -> None:
    asset = catalog.insert(row(state=state, colors=FIVE))
    target = ALLOWED.get((state, action))
    if target is None:
        with pytest.raises(WrongState, match=f"that is {state}; it must be"):
            ACTIONS[action](catalog, asset.id)
        assert catalog.get("ann", asset.id) == asset
    else:
        changed = ACTIONS[action](catalog, asset.id)
        assert changed.state == asset_pb2.AssetState.Value(f"ASSET_STATE_{target.upper()}")


def test_a_rejected_asset_keeps_its_row_and_loses_its_bytes(catalog: Catalog, row: NewRow) -> None:
    asset = catalog.insert(row(state="queued", external_id="message-1"))
    rejected = review.reject(catalog, "ann", asset.id, "blurred")
    assert not rejected.renditions
    assert rejected.error.message == "blurred"
    assert list(catalog.garbage()) == [asset.renditions[0].storage_key]
    assert catalog.find_external("ann", "message-1") == rejected


@pytest.mark.parametrize("count", [0, 4, 6])
def test_without_five_sampled_colours_nothing_is_final(
    catalog: Catalog, row: NewRow, count: int
) -> None:
    asset = catalog.insert(row(colors=[["#112233", 0.1]] * count, proposed_colors=["#000000"] * 5))
    with pytest.raises(ColorsMissing, match=f"{count} sampled"):
        review.finalize(catalog, "ann", asset.id)
    assert catalog.get("ann", asset.id).state == asset_pb2.ASSET_STATE_DRAFT


def test_an_update_goes_as_far_as_its_mask(catalog: Catalog, row: NewRow) -> None:
    asset = catalog.insert(row(title="old", style="oil", tags=[TagRow(position=0, tag="a")]))
    details = asset_pb2.AssetDetails(title="new", style="ink", tags=["b", "c"])
    request = ingest_pb2.UpdateAssetRequest(
        id=asset.id, details=details, update_mask=FieldMask(paths=["title", "tags"])
    )
    changed = review.update(catalog, "ann", request)
    assert changed.details == asset_pb2.AssetDetails(title="new", style="oil", tags=["b", "c"])
    assert catalog.get("ann", asset.id) == changed


@pytest.mark.parametrize("path", ["colors", "state", "details.title", "owner", "id", ""])
def test_a_mask_that_names_anything_else_is_refused(
    catalog: Catalog, row: NewRow, path: str
) -> None:
    asset = catalog.insert(row(colors=FIVE))
    request = ingest_pb2.UpdateAssetRequest(
        id=asset.id, update_mask=FieldMask(paths=[path] if path else [])
    )
    with pytest.raises(InvalidRequest, match="update_mask"):
        review.update(catalog, "ann", request)
    assert catalog.get("ann", asset.id) == asset


def test_of_two_who_saw_the_same_asset_the_second_is_told(catalog: Catalog, row: NewRow) -> None:
    asset = catalog.insert(row())
    mask = FieldMask(paths=["title"])
    request = ingest_pb2.UpdateAssetRequest(id=asset.id, etag=asset.etag, update_mask=mask)
    review.update(catalog, "ann", request)
    with pytest.raises(AssetChanged):
        review.update(catalog, "ann", request)
