"""The ingest service as a caller sees it."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from tintype.channel import Stub, open_channel
from tintype.errors import DataLoss, client_errors
from tintype.framing import Buffer
from tintype.ingest.job_calls import JobCalls
from tintype.ingest.v1 import asset_pb2, ingest_pb2
from tintype.streams import OutgoingFile, Totals, read_chunks

_SERVICE = ingest_pb2.DESCRIPTOR.services_by_name["IngestService"]


class IngestClient(JobCalls):
    """Calls one ingest service. Safe to share between threads. Close it when done.

    Every method takes `timeout_s`, the longest that the call may take in seconds (None:
    as long as it takes), and raises a `TintypeError` when the service refuses or fails.

    Attributes:
        stub: every method of the service by its name, for what has no method here.
    """

    def __init__(self, address: str) -> None:
        self._channel = open_channel(address)
        self.stub = Stub(self._channel, _SERVICE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give up the connection; running calls are cancelled."""
        self._channel.close()

    def ingest(
        self,
        chunks: Iterable[Buffer],
        options: ingest_pb2.IngestOptions | None = None,
        *,
        size_bytes: int | None = None,
        on_event: Callable[[ingest_pb2.IngestResponse], None] | None = None,
        timeout_s: float | None = None,
    ) -> ingest_pb2.Done:
        """Ingest an image.

        Args:
            chunks: its bytes, in runs of any size. An exception raised by iterating it ends
                the call and passes through.
            options: how it is to be kept.
            size_bytes: its size, where known, so that one too large is refused at once.
            on_event: called with every event but the last.
            timeout_s: longest the call may take.
        """
        header = ingest_pb2.IngestHeader(options=options, size_bytes=size_bytes)
        outgoing = OutgoingFile(ingest_pb2.IngestRequest(header=header), chunks, _finish)
        done: ingest_pb2.Done | None = None
        with client_errors(outgoing):
            for response in self.stub.Ingest(iter(outgoing), timeout=timeout_s):
                if response.WhichOneof("event") == "done":
                    done = response.done
                elif on_event is not None:
                    on_event(response)
        if done is None:
            raise DataLoss("the service ended the stream without an asset", "INCOMPLETE_STREAM")
        return done

    def ingest_file(
        self,
        path: Path,
        options: ingest_pb2.IngestOptions | None = None,
        *,
        on_event: Callable[[ingest_pb2.IngestResponse], None] | None = None,
        timeout_s: float | None = None,
    ) -> ingest_pb2.Done:
        """Ingest the image in a file, under its own name unless the options give one.

        Raises:
            OSError: the file cannot be read.
        """
        options = options or ingest_pb2.IngestOptions()
        if not options.file_name:
            named = ingest_pb2.IngestOptions(file_name=path.name)
            options = ingest_pb2.IngestOptions.FromString(options.SerializeToString())
            options.MergeFrom(named)
        with path.open("rb") as file:
            return self.ingest(
                read_chunks(file),
                options,
                size_bytes=path.stat().st_size,
                on_event=on_event,
                timeout_s=timeout_s,
            )

    def get_asset(
        self, asset_id: str, owner: str = "", *, timeout_s: float | None = None
    ) -> asset_pb2.Asset:
        """Read one asset.

        Raises:
            NotFound: the owner has none of this id.
        """
        request = ingest_pb2.GetAssetRequest(id=asset_id, owner=owner)
        with client_errors():
            asset: asset_pb2.Asset = self.stub.GetAsset(request, timeout=timeout_s).asset
            return asset

    def list_assets(
        self,
        owner: str = "",
        filter: ingest_pb2.AssetFilter | None = None,  # noqa: A002  # the proto's word
        *,
        timeout_s: float | None = None,
    ) -> Iterator[asset_pb2.Asset]:
        """Yield an owner's assets, newest first, page after page; `timeout_s` is for each page."""
        request = ingest_pb2.ListAssetsRequest(owner=owner, filter=filter)
        while True:
            with client_errors():
                page = self.stub.ListAssets(request, timeout=timeout_s)
            yield from page.assets
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    def delete_asset(
        self, asset_id: str, owner: str = "", *, timeout_s: float | None = None
    ) -> None:
        """Remove an asset and all its objects.

        Raises:
            NotFound: the owner has none of this id.
        """
        request = ingest_pb2.DeleteAssetRequest(id=asset_id, owner=owner)
        with client_errors():
            self.stub.DeleteAsset(request, timeout=timeout_s)


def _finish(totals: Totals) -> ingest_pb2.IngestRequest:
    finish = ingest_pb2.Finish(size_bytes=totals.size_bytes, crc32c=totals.crc32c)
    return ingest_pb2.IngestRequest(finish=finish)
