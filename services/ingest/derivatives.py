"""From an image's bytes to its derivatives in the store."""

from collections.abc import Callable, Iterable, Iterator

from services.ingest.catalog.tables import RenditionRow
from services.ingest.dependencies import Dependencies
from services.ingest.layout import Layout
from services.ingest.new_asset import rendition_row
from services.ingest.recipe import EXTENSIONS, process_spec
from tintype.errors import DeadlineExceeded, ResourceExhausted, Unavailable
from tintype.framing import Buffer
from tintype.imaging.receiving import Processed
from tintype.imaging.v1 import imaging_pb2
from tintype.storage.client import StorageClient


def is_transient(error: Exception) -> bool:
    """Tell whether a service was only away or busy, so that waiting helps."""
    if isinstance(error, ResourceExhausted):
        return error.reason == "OVERLOADED"
    return isinstance(error, Unavailable | DeadlineExceeded)


def store_renditions(
    storage: StorageClient,
    layout: Layout,
    processed: Processed,
    keys: list[str],
    timeout_s: float,
) -> Iterator[RenditionRow]:
    """Put every rendition into the store as it comes from imaging, and yield its row.

    Args:
        storage: where to.
        layout: the image's keys.
        processed: imaging's answer.
        keys: gets every key before anything is stored under it, for the caller's clean-up.
        timeout_s: longest that one put may take.
    """
    for rendition in processed.renditions():
        header = rendition.header
        key = layout.derivative_key(header.name, EXTENSIONS[header.format])
        keys.append(key)
        info = storage.put(
            key, rendition.chunks, content_type=header.content_type, timeout_s=timeout_s
        )
        yield rendition_row(header.name, info, (header.width_px, header.height_px))


def derive_stored(
    needs: Dependencies,
    original_key: str,
    *,
    owner: str,
    tolerate_truncated: bool,
    timeout_s: float,
    keys: list[str] | None = None,
    on_chunk: Callable[[Buffer], object] = lambda _chunk: None,
) -> tuple[imaging_pb2.ImageFacts, list[RenditionRow]]:
    """Make and store the derivatives of an original that is in the store.

    Doing it twice does no harm: the same keys get the same bytes.

    Args:
        needs: storage, imaging and the derivatives' format.
        original_key: where the original is.
        owner: for whom; imaging is fair between owners.
        tolerate_truncated: accept an image that breaks off in the middle.
        timeout_s: longest that each call may take.
        keys: as for `store_renditions`.
        on_chunk: gets the original's bytes as they pass.

    Returns:
        What imaging found, and the rows of the original and all derivatives.

    Raises:
        TintypeError: what storage or imaging said.
    """
    spec = process_spec(needs.derivative_format, tolerate_truncated=tolerate_truncated)
    layout = Layout.of_original(original_key)
    with (
        needs.storage.get(original_key, timeout_s=timeout_s) as original,
        needs.imaging.process(
            _watched(original, on_chunk), spec, timeout_s=timeout_s, owner=owner
        ) as processed,
    ):
        facts = processed.facts
        size_px = (facts.width_px, facts.height_px)
        rows = [rendition_row("original", original.info, size_px)]
        keys = [] if keys is None else keys
        rows += store_renditions(needs.storage, layout, processed, keys, timeout_s)
    return facts, rows


def _watched(chunks: Iterable[Buffer], on_chunk: Callable[[Buffer], object]) -> Iterator[Buffer]:
    for chunk in chunks:
        on_chunk(chunk)
        yield chunk
