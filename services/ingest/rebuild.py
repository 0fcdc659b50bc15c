"""Making an image's derivatives again from its stored original."""

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice

from services.ingest.catalog.catalog import Catalog
from services.ingest.catalog.inventory import Inventory
from services.ingest.catalog.jobs import UNFINISHED
from services.ingest.catalog.tables import AssetRow
from services.ingest.dependencies import Dependencies
from services.ingest.derivatives import derive_stored
from services.ingest.errors import AssetNotFound, WrongState
from services.ingest.garbage import collect_garbage
from services.ingest.new_asset import set_image
from services.ingest.recipe import RECIPE_VERSION
from services.rpc.errors import InvalidRequest
from tintype.errors import TintypeError
from tintype.ingest.v1 import asset_pb2, ingest_pb2

# States of an image that has derivatives.
WHOLE = ("queued", "draft", "active")
DEFAULT_CONCURRENCY = 2
MAX_CONCURRENCY = 64


def rebuild(needs: Dependencies, owner: str, asset_id: str, timeout_s: float) -> asset_pb2.Asset:
    """Make an image's derivatives and colours again. Doing it twice does no harm.

    Raises:
        AssetNotFound: the owner has no such asset, or no longer.
        InvalidRequest: the asset has no original to work from, or is no image.
        WrongState: somebody rejected it meanwhile.
        TintypeError: what storage or imaging said.
    """
    asset = needs.catalog.get(owner, asset_id)
    original = next((one for one in asset.renditions if one.name == "original"), None)
    if original is None or asset.kind != asset_pb2.ASSET_KIND_IMAGE:
        raise InvalidRequest(f"asset {asset_id} has no original image to work from")
    keys: list[str] = []
    try:
        # A file that was accepted once, broken off or not, is accepted again.
        facts, rows = derive_stored(
            needs,
            original.storage_key,
            owner=owner,
            tolerate_truncated=bool(asset.warnings),
            timeout_s=timeout_s,
            keys=keys,
        )

        def apply(row: AssetRow) -> None:
            _check_names(row, original.storage_key, "rebuild", WHOLE)
            set_image(row, facts, asset.sha256, rows)

        return needs.catalog.change(owner, asset_id, apply)
    except Exception:
        # What was made for an asset that is gone must not stay readable. For one that is
        # there, another rebuild may be about to name the same keys.
        if _is_gone(needs.catalog, owner, asset_id):
            collect_garbage(needs.catalog, needs.storage, needs.catalog.add_garbage(keys))
        raise


def mark_lost(catalog: Catalog, owner: str, asset_id: str, storage_key: str) -> asset_pb2.Asset:
    """Set an asset aside whose original is missing or damaged.

    It can be retried, for the case that the original comes back.

    Raises:
        AssetNotFound: the owner has no such asset, or no longer.
        WrongState: it does not name the original any more.
    """

    def apply(row: AssetRow) -> None:
        _check_names(row, storage_key, "set aside", (*WHOLE, *UNFINISHED, "ready"))
        row.state = "failed"
        row.error_reason = "ORIGINAL_LOST"
        row.error_message = f"the original at {storage_key} is missing or damaged"
        row.error_retryable = True

    return catalog.change(owner, asset_id, apply)


def _is_gone(catalog: Catalog, owner: str, asset_id: str) -> bool:
    """Tell whether an asset was deleted, or rejected and lost its bytes."""
    try:
        return not catalog.get(owner, asset_id).renditions
    except AssetNotFound:
        return True


def _check_names(row: AssetRow, original_key: str, action: str, states: tuple[str, ...]) -> None:
    """Make sure that an asset is still the one that was looked at."""
    if row.state not in states or original_key not in [one.storage_key for one in row.renditions]:
        raise WrongState(action, row.state, states)


def reprocess(
    needs: Dependencies,
    inventory: Inventory,
    request: ingest_pb2.ReprocessAssetsRequest,
    timeout_s: float,
) -> Iterator[ingest_pb2.ReprocessAssetsResponse]:
    """Rebuild all assets that are behind, a few at a time, and yield how far it is.

    What is rebuilt is no longer behind, so a call that was stopped goes on where it was
    when it is made again.

    Raises:
        InvalidRequest: more at a time are asked for than may be.
    """
    if not 0 <= request.concurrency <= MAX_CONCURRENCY:
        raise InvalidRequest(
            f"concurrency must be 0 to {MAX_CONCURRENCY}, not {request.concurrency}"
        )
    wanted: Iterable[tuple[str, str]]
    if request.asset_ids:
        wanted = inventory.owners_of(request.asset_ids, request.owner)
        total = len(wanted)
    else:
        wanted = inventory.behind(RECIPE_VERSION, request.owner)
        total = inventory.count_behind(RECIPE_VERSION, request.owner)
    progress = ingest_pb2.ReprocessAssetsResponse(total_count=total)
    yield progress
    with ThreadPoolExecutor(request.concurrency or DEFAULT_CONCURRENCY) as threads:
        waiting = iter(wanted)
        running: dict[Future[asset_pb2.Asset], str] = {}
        while True:
            room = (request.concurrency or DEFAULT_CONCURRENCY) - len(running)
            for owner, asset_id in islice(waiting, room):
                running[threads.submit(rebuild, needs, owner, asset_id, timeout_s)] = asset_id
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield _count(progress, running.pop(future), future.exception())


def _count(
    progress: ingest_pb2.ReprocessAssetsResponse, asset_id: str, error: BaseException | None
) -> ingest_pb2.ReprocessAssetsResponse:
    """Count one asset that ended, and say how."""
    progress.asset_id = asset_id
    progress.ClearField("error")
    # Deleted or rejected meanwhile: nothing to do.
    if error is None or isinstance(error, AssetNotFound | WrongState):
        progress.done_count += 1
    elif isinstance(error, TintypeError | InvalidRequest):
        progress.failed_count += 1
        progress.error.reason = getattr(error, "reason", "INVALID_REQUEST")
        progress.error.message = str(error)
    else:
        raise error
    return progress
