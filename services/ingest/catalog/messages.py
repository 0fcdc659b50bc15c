"""Between catalog rows and the proto's words."""

from google.protobuf.timestamp_pb2 import Timestamp

from services.ingest.catalog.tables import AssetRow, RenditionRow
from services.ingest.urls import Urls
from tintype.ingest.v1 import asset_pb2 as pb


def asset_message(row: AssetRow, urls: Urls) -> pb.Asset:
    """Say a row, its renditions and its tags as an asset."""
    asset = pb.Asset(
        id=row.id,
        owner=row.owner,
        kind=f"ASSET_KIND_{row.kind.upper()}",
        source=f"ASSET_SOURCE_{row.source.upper()}",
        external_id=row.external_id or "",
        source_url=row.source_url,
        file_name=row.file_name,
        state=f"ASSET_STATE_{row.state.upper()}",
        renditions=[_rendition(rendition, urls) for rendition in row.renditions],
        colors=[pb.SampledColor(hex=rgb, share=share) for rgb, share in row.colors],
        width_px=row.width_px,
        height_px=row.height_px,
        format=row.format,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        thumbhash=row.thumbhash,
        frame_count=row.frame_count,
        details=pb.AssetDetails(
            title=row.title,
            description=row.description,
            tags=[tag.tag for tag in row.tags],
            category=row.category,
            group=row.group,
            project=row.project,
            style=row.style,
            shot=row.shot,
            proposed_colors=row.proposed_colors,
        ),
        warnings=row.warnings,
        recipe_version=row.recipe_version,
        etag=str(row.version),
    )
    asset.create_time.CopyFrom(_timestamp(row, "create_time"))
    asset.update_time.CopyFrom(_timestamp(row, "update_time"))
    if row.state in {"failed", "rejected"}:
        asset.error.CopyFrom(_error(row))
    if row.kind == "document":
        asset.document.page_count = row.page_count
    return asset


def value_word(name: str, prefix: str) -> str:
    """Turn an enum value's name into the catalog's word: ASSET_STATE_DRAFT into "draft"."""
    return name.removeprefix(prefix).lower()


def _rendition(row: RenditionRow, urls: Urls) -> pb.Rendition:
    return pb.Rendition(
        name=row.name,
        storage_key=row.storage_key,
        url=urls.object_url(row.storage_key, row.asset_id, row.name),
        content_type=row.content_type,
        width_px=row.width_px,
        height_px=row.height_px,
        size_bytes=row.size_bytes,
        etag=row.etag,
    )


def _error(row: AssetRow) -> pb.AssetError:
    return pb.AssetError(
        reason=row.error_reason,
        message=row.error_message,
        retryable=row.error_retryable,
        attempts=row.attempts,
    )


def _timestamp(row: AssetRow, column: str) -> Timestamp:
    timestamp = Timestamp()
    timestamp.FromDatetime(getattr(row, column))
    return timestamp
