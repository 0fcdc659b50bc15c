"""The ingest service's methods, each in the fewest words."""

from collections.abc import Iterator

import grpc
from google.protobuf.message import Message

from services.ingest import review
from services.ingest.catalog.inventory import Inventory
from services.ingest.dependencies import Dependencies
from services.ingest.errors import AssetNotFound
from services.ingest.garbage import collect_garbage
from services.ingest.image_ingest import ImageIngest
from services.ingest.job_methods import JobMethods
from services.ingest.jobs.accept import JobDesk
from services.ingest.rebuild import reprocess
from services.ingest.recipe import MAX_IMAGE_BYTES
from services.ingest.requests import check_options
from services.ingest.sweep import Sweep
from services.ingest.watch import Watchers
from services.rpc.errors import InvalidRequest
from services.rpc.receive import IncomingFile
from tintype.errors import Cancelled
from tintype.framing import ChunkFrame
from tintype.ingest.v1 import ingest_pb2


class IngestServicer(JobMethods):
    """Serves tintype.ingest.v1.IngestService.

    Args:
        needs: what an ingest works with.
        desk: takes in the work of jobs.
        inventory: what the catalog names, over all owners.
        default_owner: whose an asset is when a request does not say.
        call_timeout_s: longest an ingest may take when the caller sets no deadline.
    """

    def __init__(
        self,
        needs: Dependencies,
        desk: JobDesk,
        inventory: Inventory,
        default_owner: str,
        call_timeout_s: float,
    ) -> None:
        super().__init__(needs, desk, default_owner, call_timeout_s)
        self._inventory = inventory
        self._watchers = Watchers(needs.catalog)

    def Ingest(
        self, requests: Iterator[Message | ChunkFrame], context: grpc.ServicerContext
    ) -> Iterator[ingest_pb2.IngestResponse]:
        """Ingest an image."""
        file: IncomingFile[ingest_pb2.IngestHeader] = IncomingFile(
            requests, "header", max_bytes=MAX_IMAGE_BYTES, with_sha256=True
        )
        header = file.header
        check_options(header.options)
        if header.size_bytes > MAX_IMAGE_BYTES:
            raise InvalidRequest(
                f"the image has {header.size_bytes} bytes; at most {MAX_IMAGE_BYTES} are taken"
            )
        owner = self._owner(header.options.owner)
        ingest = ImageIngest(
            self._needs,
            owner,
            file,
            self._timeout_s(context),
            self._desk.hand_over,
            lambda asset, timeout_s: self._desk.wait(asset, timeout_s, context.is_active)[0],
        )
        context.add_callback(lambda: ingest.break_off(Cancelled("the call has ended")))
        yield from ingest.run()

    def GetAsset(
        self, request: ingest_pb2.GetAssetRequest, _context: grpc.ServicerContext
    ) -> ingest_pb2.GetAssetResponse:
        """Read one asset, by its id or by the caller's own name for it."""
        owner = self._owner(request.owner)
        if bool(request.id) == bool(request.external_id):
            raise InvalidRequest("give either id or external_id")
        if request.id:
            return ingest_pb2.GetAssetResponse(asset=self._needs.catalog.get(owner, request.id))
        asset = self._needs.catalog.find_external(owner, request.external_id)
        if asset is None:
            raise AssetNotFound(request.external_id)
        return ingest_pb2.GetAssetResponse(asset=asset)

    def ListAssets(
        self, request: ingest_pb2.ListAssetsRequest, _context: grpc.ServicerContext
    ) -> ingest_pb2.ListAssetsResponse:
        """List an owner's assets."""
        owner = self._owner(request.owner)
        assets, token = self._needs.catalog.list_page(
            owner, request.filter, request.page_size, request.page_token
        )
        return ingest_pb2.ListAssetsResponse(assets=assets, next_page_token=token)

    def DeleteAsset(
        self, request: ingest_pb2.DeleteAssetRequest, _context: grpc.ServicerContext
    ) -> ingest_pb2.DeleteAssetResponse:
        """Remove an asset: first its row, so that nobody sees it half gone, then its objects."""
        owner = self._owner(request.owner)
        asset = self._needs.catalog.delete(owner, request.id)
        keys = [rendition.storage_key for rendition in asset.renditions]
        collect_garbage(self._needs.catalog, self._needs.storage, keys)
        return ingest_pb2.DeleteAssetResponse()

    def ApproveAsset(
        self, request: ingest_pb2.ApproveAssetRequest, _context: grpc.ServicerContext
    ) -> ingest_pb2.ApproveAssetResponse:
        """Let a queued asset pass moderation."""
        asset = review.approve(self._needs.catalog, self._owner(request.owner), request.id)
        return ingest_pb2.ApproveAssetResponse(asset=asset)

    def RejectAsset(
        self, request: ingest_pb2.RejectAssetRequest, _context: grpc.ServicerContext
    ) -> ingest_pb2.RejectAssetResponse:
        """Refuse an asset and delete its bytes."""
        owner, catalog = self._owner(request.owner), self._needs.catalog
        asset = review.reject(catalog, owner, request.id, request.reason)
        collect_garbage(catalog, self._needs.storage, catalog.garbage())
        return ingest_pb2.RejectAssetResponse(asset=asset)

    def FinalizeAsset(
        self, request: ingest_pb2.FinalizeAssetRequest, _context: grpc.ServicerContext
    ) -> ingest_pb2.FinalizeAssetResponse:
        """End an asset's review."""
        asset = review.finalize(self._needs.catalog, self._owner(request.owner), request.id)
        return ingest_pb2.FinalizeAssetResponse(asset=asset)

    def UpdateAsset(
        self, request: ingest_pb2.UpdateAssetRequest, _context: grpc.ServicerContext
    ) -> ingest_pb2.UpdateAssetResponse:
        """Change what is said about an asset."""
        asset = review.update(self._needs.catalog, self._owner(request.owner), request)
        return ingest_pb2.UpdateAssetResponse(asset=asset)

    def WatchAssets(
        self, request: ingest_pb2.WatchAssetsRequest, context: grpc.ServicerContext
    ) -> Iterator[ingest_pb2.WatchAssetsResponse]:
        """Follow the changes of an owner's assets."""
        owner = self._owner(request.owner)
        yield from self._watchers.watch(owner, request, context.is_active)

    def ReprocessAssets(
        self, request: ingest_pb2.ReprocessAssetsRequest, _context: grpc.ServicerContext
    ) -> Iterator[ingest_pb2.ReprocessAssetsResponse]:
        """Make derivatives again from the stored originals."""
        yield from reprocess(self._needs, self._inventory, request, self._call_timeout_s)

    def Sweep(
        self, request: ingest_pb2.SweepRequest, _context: grpc.ServicerContext
    ) -> Iterator[ingest_pb2.SweepResponse]:
        """Compare catalog and store."""
        yield from Sweep(self._needs, self._inventory, request, self._desk.read_again).run()
