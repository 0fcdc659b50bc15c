"""The review lane: what may become of an asset, and what people may say about it."""

from collections.abc import Callable

from services.ingest.catalog.catalog import Catalog
from services.ingest.catalog.tables import AssetRow
from services.ingest.errors import AssetChanged, ColorsMissing, WrongState
from services.ingest.new_asset import set_details
from services.ingest.recipe import COLOR_COUNT
from services.ingest.requests import ALL_DETAILS, check_details
from services.rpc.errors import InvalidRequest
from tintype.ingest.v1 import asset_pb2, ingest_pb2

# Every transition that a person can ask for: its name, from where, and to where.
_TRANSITIONS = {
    "approve": (("queued",), "draft"),
    "reject": (("queued", "draft"), "rejected"),
    "finalize": (("draft",), "active"),
}
_MAX_REASON_CHARACTERS = 1000


def approve(catalog: Catalog, owner: str, asset_id: str) -> asset_pb2.Asset:
    """Let a queued asset pass moderation."""
    return catalog.change(owner, asset_id, _transition("approve"))


def reject(catalog: Catalog, owner: str, asset_id: str, reason: str) -> asset_pb2.Asset:
    """Refuse an asset: its objects become garbage, its row stays as a tombstone.

    Raises:
        InvalidRequest: the reason is too long.
    """
    if len(reason) > _MAX_REASON_CHARACTERS:
        raise InvalidRequest(
            f"reason has {len(reason)} characters; at most {_MAX_REASON_CHARACTERS} are allowed"
        )

    def apply(row: AssetRow) -> None:
        _transition("reject")(row)
        row.error_reason, row.error_message = "REJECTED", reason
        row.renditions = []

    return catalog.change(owner, asset_id, apply)


def finalize(catalog: Catalog, owner: str, asset_id: str) -> asset_pb2.Asset:
    """End an asset's review.

    Raises:
        ColorsMissing: it does not have five sampled colours.
    """

    def apply(row: AssetRow) -> None:
        _transition("finalize")(row)
        if len(row.colors) != COLOR_COUNT:
            raise ColorsMissing(len(row.colors))

    return catalog.change(owner, asset_id, apply)


def update(catalog: Catalog, owner: str, request: ingest_pb2.UpdateAssetRequest) -> asset_pb2.Asset:
    """Change what is said about an asset, as far as the mask goes.

    Raises:
        InvalidRequest: the mask is empty or names something else, or a value is too long.
        AssetChanged: the asset does not have the etag that is asked for.
    """
    paths = set(request.update_mask.paths)
    if unknown := paths - ALL_DETAILS:
        raise InvalidRequest(
            f"update_mask names {', '.join(sorted(unknown))}; it may name "
            + ", ".join(sorted(ALL_DETAILS))
        )
    if not paths:
        raise InvalidRequest("update_mask is empty: name the fields to change")
    check_details(request.details)

    def apply(row: AssetRow) -> None:
        if request.etag and request.etag != str(row.version):
            raise AssetChanged(request.etag, str(row.version))
        set_details(row, request.details, paths)

    return catalog.change(owner, request.id, apply)


def _transition(action: str) -> Callable[[AssetRow], None]:
    """Return the change of state, which raises `WrongState` from anywhere else."""
    needed, target = _TRANSITIONS[action]

    def apply(row: AssetRow) -> None:
        if row.state not in needed:
            raise WrongState(action, row.state, needed)
        row.state = target

    return apply
