"""An ingest service that keeps assets in memory, and how a command line ended."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

import grpc

from imaging.errors import UnsupportedFormat
from services.ingest.errors import AssetNotFound
from services.rpc.errors import Overloaded
from services.rpc.receive import IncomingFile
from tintype.ingest.v1 import asset_pb2, ingest_pb2

COLORS = ("#101010", "#f04020", "#20f040", "#2040f0", "#fafafa")


@dataclass(frozen=True)
class Ended:
    """How a command line ended."""

    exit_code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """Standard output, line by line."""
        return self.out.splitlines()


@dataclass
class CatalogInMemory:
    """An ingest servicer that keeps assets in a dictionary and stores no bytes.

    Content that begins with "not a picture" is refused; "busy" is put off `busy_times`
    times; content that begins with
    "slow" is never answered, until the caller goes away.
    """

    address: str = ""
    assets: dict[str, asset_pb2.Asset] = field(default_factory=dict)
    content: dict[str, bytes] = field(default_factory=dict)
    headers: list[ingest_pb2.IngestOptions] = field(default_factory=list)
    busy_times: int = 0
    slow_begun: threading.Event = field(default_factory=threading.Event)
    slow_cancelled: threading.Event = field(default_factory=threading.Event)

    def Ingest(  # noqa: N802  # the contract's name
        self, requests: Iterator[object], context: grpc.ServicerContext
    ) -> Iterator[ingest_pb2.IngestResponse]:
        """Make an asset of whatever comes."""
        file = IncomingFile[ingest_pb2.IngestHeader](requests, "header")
        content = b"".join(file.chunks())
        options = file.header.options
        self.headers.append(options)
        if content.startswith(b"slow"):
            context.add_callback(self.slow_cancelled.set)
            self.slow_begun.set()
            self.slow_cancelled.wait(30)
            return
        if content.startswith(b"busy") and self.busy_times > 0:
            self.busy_times -= 1
            raise Overloaded("too much to do")
        if content.startswith(b"not a picture"):
            raise UnsupportedFormat("this is no image but text:\nsend a picture")
        for asset in self.assets.values():
            if options.external_id and asset.external_id == options.external_id:
                yield ingest_pb2.IngestResponse(done=ingest_pb2.Done(asset=asset, existed=True))
                return
        asset = self.add(options, content)
        yield ingest_pb2.IngestResponse(accepted=ingest_pb2.Accepted(asset_id=asset.id))
        yield ingest_pb2.IngestResponse(done=ingest_pb2.Done(asset=asset))

    def add(self, options: ingest_pb2.IngestOptions, content: bytes) -> asset_pb2.Asset:
        """Keep an asset."""
        asset = asset_pb2.Asset(
            id=f"Asset{len(self.assets) + 1:017}",
            owner=options.owner or "local",
            source=options.source,
            external_id=options.external_id,
            file_name=options.file_name,
            state=asset_pb2.ASSET_STATE_DRAFT,
            width_px=640,
            height_px=480,
            format="jpeg",
            size_bytes=len(content),
            sha256=sha256(content).digest(),
            details=options.details,
            colors=[asset_pb2.SampledColor(hex=name, share=0.2) for name in COLORS],
            renditions=[
                asset_pb2.Rendition(
                    name=name,
                    storage_key=f"media-uploads/2026/01_02/{name}",
                    url=f"http://127.0.0.1:8080/uploads/media-uploads/2026/01_02/{name}",
                    content_type="image/jpeg",
                    width_px=640,
                    height_px=480,
                    size_bytes=1000,
                )
                for name in ("original", "preview", "small", "medium", "large")
            ],
        )
        asset.create_time.GetCurrentTime()
        self.assets[asset.id] = asset
        self.content[asset.id] = content
        return asset

    def GetAsset(  # noqa: N802  # the contract's name
        self, request: ingest_pb2.GetAssetRequest, _context: grpc.ServicerContext
    ) -> ingest_pb2.GetAssetResponse:
        """Read one asset."""
        if request.id not in self.assets:
            raise AssetNotFound(request.id)
        return ingest_pb2.GetAssetResponse(asset=self.assets[request.id])

    def ListAssets(  # noqa: N802  # the contract's name
        self, request: ingest_pb2.ListAssetsRequest, _context: grpc.ServicerContext
    ) -> ingest_pb2.ListAssetsResponse:
        """List the newest first, two on a page, so that pages are turned."""
        wanted = [
            asset
            for asset in reversed(self.assets.values())
            if not request.filter.states or asset.state in request.filter.states
            if not request.filter.tag or request.filter.tag in asset.details.tags
        ]
        start = int(request.page_token or 0)
        token = str(start + 2) if start + 2 < len(wanted) else ""
        return ingest_pb2.ListAssetsResponse(
            assets=wanted[start : start + 2], next_page_token=token
        )

    def DeleteAsset(  # noqa: N802  # the contract's name
        self, request: ingest_pb2.DeleteAssetRequest, _context: grpc.ServicerContext
    ) -> ingest_pb2.DeleteAssetResponse:
        """Remove one asset."""
        if self.assets.pop(request.id, None) is None:
            raise AssetNotFound(request.id)
        return ingest_pb2.DeleteAssetResponse()

    def ReprocessAssets(  # noqa: N802  # the contract's name
        self, request: ingest_pb2.ReprocessAssetsRequest, _context: grpc.ServicerContext
    ) -> Iterator[ingest_pb2.ReprocessAssetsResponse]:
        """Count all assets as made again, but those whose title is "lost"."""
        answer = ingest_pb2.ReprocessAssetsResponse(total_count=len(self.assets))
        yield answer
        for asset in list(self.assets.values()):
            if request.asset_ids and asset.id not in request.asset_ids:
                continue
            answer.asset_id = asset.id
            answer.ClearField("error")
            if asset.details.title == "lost":
                answer.failed_count += 1
                answer.error.message = "no original"
            else:
                answer.done_count += 1
            yield answer

    def Sweep(  # noqa: N802  # the contract's name
        self, request: ingest_pb2.SweepRequest, _context: grpc.ServicerContext
    ) -> Iterator[ingest_pb2.SweepResponse]:
        """Find one orphan and one upload."""
        yield ingest_pb2.SweepResponse(
            finding=ingest_pb2.SWEEP_FINDING_ORPHAN,
            storage_key="media-uploads/lonely",
            repaired=request.repair,
        )
        yield ingest_pb2.SweepResponse(
            finding=ingest_pb2.SWEEP_FINDING_ABANDONED_UPLOAD,
            storage_key="films/a.mp4",
            upload_id="Upload1",
            repaired=request.repair,
        )
        yield ingest_pb2.SweepResponse(objects_count=6, assets_count=1)
