"""The catalog row of an image whose objects are stored."""

from collections.abc import Collection

from services.ingest.catalog.messages import value_word
from services.ingest.catalog.tables import AssetRow, RenditionRow, TagRow
from services.ingest.layout import safe_file_name
from services.ingest.recipe import RECIPE_VERSION, RENDITION_ORDER
from services.ingest.requests import ALL_DETAILS, DETAIL_CHARACTERS
from tintype.imaging.v1 import imaging_pb2
from tintype.ingest.v1 import asset_pb2, ingest_pb2
from tintype.storage.v1 import storage_pb2

# Assets from these sources wait in the queue for a moderator.
_MODERATED = {"discord", "pinterest"}


def image_row(
    asset_id: str,
    owner: str,
    *,
    options: ingest_pb2.IngestOptions,
    facts: imaging_pb2.ImageFacts,
    digest: bytes,
    renditions: list[RenditionRow],
) -> AssetRow:
    """Build the row of an image.

    Args:
        asset_id: its id, which its keys contain.
        owner: whose it is.
        options: what the caller said.
        facts: what imaging found.
        digest: SHA-256 of the original.
        renditions: the original and all derivatives, in any order.
    """
    row = accepted_row(asset_id, owner, "image", options)
    row.state = first_state(row.source)
    set_image(row, facts, digest, renditions)
    return row


def accepted_row(
    asset_id: str, owner: str, kind: str, options: ingest_pb2.IngestOptions
) -> AssetRow:
    """Build the row of an "image" or "document" that a job is to make whole."""
    row = AssetRow(id=asset_id, owner=owner, external_id=options.external_id or None)
    row.kind = kind
    row.state = "processing" if kind == "image" else "pending"
    row.source = source_word(options.source)
    row.source_url = options.source_url
    row.file_name = safe_file_name(options.file_name)
    set_details(row, options.details)
    return row


def set_image(
    row: AssetRow,
    facts: imaging_pb2.ImageFacts,
    digest: bytes,
    renditions: list[RenditionRow],
) -> None:
    """Record what was found in an image and what was made of it."""
    row.width_px, row.height_px = facts.width_px, facts.height_px
    row.format = value_word(imaging_pb2.ImageFormat.Name(facts.format), "IMAGE_FORMAT_")
    row.size_bytes = facts.size_bytes
    row.sha256 = digest
    row.thumbhash = facts.thumbhash
    row.frame_count = facts.frame_count
    row.colors = [[f"#{color.rgb:06x}", round(color.share, 6)] for color in facts.colors]
    row.warnings = list(facts.warnings)
    row.recipe_version = RECIPE_VERSION
    for rendition in renditions:
        rendition.position = RENDITION_ORDER.index(rendition.name)
    row.renditions = sorted(renditions, key=lambda rendition: rendition.position)


def set_details(
    row: AssetRow, details: asset_pb2.AssetDetails, fields: Collection[str] = ALL_DETAILS
) -> None:
    """Record what somebody said about an asset, as far as `fields` goes."""
    for name in DETAIL_CHARACTERS.keys() & set(fields):
        setattr(row, name, getattr(details, name))
    if "proposed_colors" in fields:
        row.proposed_colors = list(details.proposed_colors)
    if "tags" in fields:
        tags = dict.fromkeys(details.tags)
        row.tags = [TagRow(position=i, tag=tag) for i, tag in enumerate(tags)]


def rendition_row(
    name: str, info: storage_pb2.ObjectInfo, size_px: tuple[int, int]
) -> RenditionRow:
    """Build the row of one stored picture; `size_px` is (width, height)."""
    return RenditionRow(
        name=name,
        storage_key=info.key,
        content_type=info.content_type,
        width_px=size_px[0],
        height_px=size_px[1],
        size_bytes=info.size_bytes,
        etag=info.etag,
    )


def first_state(source: str) -> str:
    """Return the state that a whole image from a source, in the catalog's word, begins in."""
    return "queued" if source in _MODERATED else "draft"


def source_word(source: asset_pb2.AssetSource) -> str:
    """Return the catalog's word for a source; one that was not said is an upload."""
    return value_word(
        asset_pb2.AssetSource.Name(source or asset_pb2.ASSET_SOURCE_UPLOAD), "ASSET_SOURCE_"
    )
