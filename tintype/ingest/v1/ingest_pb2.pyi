import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from tintype.ingest.v1 import asset_pb2 as _asset_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AssetChange(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ASSET_CHANGE_UNSPECIFIED: _ClassVar[AssetChange]
    ASSET_CHANGE_UPSERTED: _ClassVar[AssetChange]
    ASSET_CHANGE_DELETED: _ClassVar[AssetChange]

class SweepFinding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SWEEP_FINDING_UNSPECIFIED: _ClassVar[SweepFinding]
    SWEEP_FINDING_ORPHAN: _ClassVar[SweepFinding]
    SWEEP_FINDING_MISSING: _ClassVar[SweepFinding]
    SWEEP_FINDING_DAMAGED: _ClassVar[SweepFinding]
    SWEEP_FINDING_ABANDONED_UPLOAD: _ClassVar[SweepFinding]
ASSET_CHANGE_UNSPECIFIED: AssetChange
ASSET_CHANGE_UPSERTED: AssetChange
ASSET_CHANGE_DELETED: AssetChange
SWEEP_FINDING_UNSPECIFIED: SweepFinding
SWEEP_FINDING_ORPHAN: SweepFinding
SWEEP_FINDING_MISSING: SweepFinding
SWEEP_FINDING_DAMAGED: SweepFinding
SWEEP_FINDING_ABANDONED_UPLOAD: SweepFinding

class Chunk(_message.Message):
    __slots__ = ("crc32c", "content")
    CRC32C_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    crc32c: int
    content: bytes
    def __init__(self, crc32c: _Optional[int] = ..., content: _Optional[bytes] = ...) -> None: ...

class Finish(_message.Message):
    __slots__ = ("size_bytes", "crc32c", "sha256")
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    CRC32C_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    size_bytes: int
    crc32c: int
    sha256: bytes
    def __init__(self, size_bytes: _Optional[int] = ..., crc32c: _Optional[int] = ..., sha256: _Optional[bytes] = ...) -> None: ...

class IngestOptions(_message.Message):
    __slots__ = ("owner", "source", "external_id", "file_name", "details", "source_url", "dedupe", "tolerate_truncated")
    OWNER_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    EXTERNAL_ID_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    DETAILS_FIELD_NUMBER: _ClassVar[int]
    SOURCE_URL_FIELD_NUMBER: _ClassVar[int]
    DEDUPE_FIELD_NUMBER: _ClassVar[int]
    TOLERATE_TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    owner: str
    source: _asset_pb2.AssetSource
    external_id: str
    file_name: str
    details: _asset_pb2.AssetDetails
    source_url: str
    dedupe: bool
    tolerate_truncated: bool
    def __init__(self, owner: _Optional[str] = ..., source: _Optional[_Union[_asset_pb2.AssetSource, str]] = ..., external_id: _Optional[str] = ..., file_name: _Optional[str] = ..., details: _Optional[_Union[_asset_pb2.AssetDetails, _Mapping]] = ..., source_url: _Optional[str] = ..., dedupe: bool = ..., tolerate_truncated: bool = ...) -> None: ...

class IngestHeader(_message.Message):
    __slots__ = ("options", "size_bytes")
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    options: IngestOptions
    size_bytes: int
    def __init__(self, options: _Optional[_Union[IngestOptions, _Mapping]] = ..., size_bytes: _Optional[int] = ...) -> None: ...

class IngestRequest(_message.Message):
    __slots__ = ("header", "chunk", "finish")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    FINISH_FIELD_NUMBER: _ClassVar[int]
    header: IngestHeader
    chunk: Chunk
    finish: Finish
    def __init__(self, header: _Optional[_Union[IngestHeader, _Mapping]] = ..., chunk: _Optional[_Union[Chunk, _Mapping]] = ..., finish: _Optional[_Union[Finish, _Mapping]] = ...) -> None: ...

class Accepted(_message.Message):
    __slots__ = ("asset_id",)
    ASSET_ID_FIELD_NUMBER: _ClassVar[int]
    asset_id: str
    def __init__(self, asset_id: _Optional[str] = ...) -> None: ...

class Stored(_message.Message):
    __slots__ = ("size_bytes",)
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    size_bytes: int
    def __init__(self, size_bytes: _Optional[int] = ...) -> None: ...

class RenditionStored(_message.Message):
    __slots__ = ("name", "index", "count")
    NAME_FIELD_NUMBER: _ClassVar[int]
    INDEX_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    name: str
    index: int
    count: int
    def __init__(self, name: _Optional[str] = ..., index: _Optional[int] = ..., count: _Optional[int] = ...) -> None: ...

class Done(_message.Message):
    __slots__ = ("asset", "existed")
    ASSET_FIELD_NUMBER: _ClassVar[int]
    EXISTED_FIELD_NUMBER: _ClassVar[int]
    asset: _asset_pb2.Asset
    existed: bool
    def __init__(self, asset: _Optional[_Union[_asset_pb2.Asset, _Mapping]] = ..., existed: bool = ...) -> None: ...

class IngestResponse(_message.Message):
    __slots__ = ("accepted", "stored", "rendition", "done")
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    STORED_FIELD_NUMBER: _ClassVar[int]
    RENDITION_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    accepted: Accepted
    stored: Stored
    rendition: RenditionStored
    done: Done
    def __init__(self, accepted: _Optional[_Union[Accepted, _Mapping]] = ..., stored: _Optional[_Union[Stored, _Mapping]] = ..., rendition: _Optional[_Union[RenditionStored, _Mapping]] = ..., done: _Optional[_Union[Done, _Mapping]] = ...) -> None: ...

class IngestUrlRequest(_message.Message):
    __slots__ = ("url", "options", "wait")
    URL_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    WAIT_FIELD_NUMBER: _ClassVar[int]
    url: str
    options: IngestOptions
    wait: bool
    def __init__(self, url: _Optional[str] = ..., options: _Optional[_Union[IngestOptions, _Mapping]] = ..., wait: bool = ...) -> None: ...

class IngestUrlResponse(_message.Message):
    __slots__ = ("asset", "existed")
    ASSET_FIELD_NUMBER: _ClassVar[int]
    EXISTED_FIELD_NUMBER: _ClassVar[int]
    asset: _asset_pb2.Asset
    existed: bool
    def __init__(self, asset: _Optional[_Union[_asset_pb2.Asset, _Mapping]] = ..., existed: bool = ...) -> None: ...

class IngestDocumentRequest(_message.Message):
    __slots__ = ("header", "chunk", "finish")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    FINISH_FIELD_NUMBER: _ClassVar[int]
    header: IngestHeader
    chunk: Chunk
    finish: Finish
    def __init__(self, header: _Optional[_Union[IngestHeader, _Mapping]] = ..., chunk: _Optional[_Union[Chunk, _Mapping]] = ..., finish: _Optional[_Union[Finish, _Mapping]] = ...) -> None: ...

class IngestDocumentResponse(_message.Message):
    __slots__ = ("asset", "existed")
    ASSET_FIELD_NUMBER: _ClassVar[int]
    EXISTED_FIELD_NUMBER: _ClassVar[int]
    asset: _asset_pb2.Asset
    existed: bool
    def __init__(self, asset: _Optional[_Union[_asset_pb2.Asset, _Mapping]] = ..., existed: bool = ...) -> None: ...

class GetAssetRequest(_message.Message):
    __slots__ = ("id", "owner", "external_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    EXTERNAL_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    owner: str
    external_id: str
    def __init__(self, id: _Optional[str] = ..., owner: _Optional[str] = ..., external_id: _Optional[str] = ...) -> None: ...

class GetAssetResponse(_message.Message):
    __slots__ = ("asset",)
    ASSET_FIELD_NUMBER: _ClassVar[int]
    asset: _asset_pb2.Asset
    def __init__(self, asset: _Optional[_Union[_asset_pb2.Asset, _Mapping]] = ...) -> None: ...

class AssetFilter(_message.Message):
    __slots__ = ("states", "kind", "source", "group", "project", "category", "tag")
    STATES_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    TAG_FIELD_NUMBER: _ClassVar[int]
    states: _containers.RepeatedScalarFieldContainer[_asset_pb2.AssetState]
    kind: _asset_pb2.AssetKind
    source: _asset_pb2.AssetSource
    group: str
    project: str
    category: str
    tag: str
    def __init__(self, states: _Optional[_Iterable[_Union[_asset_pb2.AssetState, str]]] = ..., kind: _Optional[_Union[_asset_pb2.AssetKind, str]] = ..., source: _Optional[_Union[_asset_pb2.AssetSource, str]] = ..., group: _Optional[str] = ..., project: _Optional[str] = ..., category: _Optional[str] = ..., tag: _Optional[str] = ...) -> None: ...

class ListAssetsRequest(_message.Message):
    __slots__ = ("owner", "filter", "page_size", "page_token")
    OWNER_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    owner: str
    filter: AssetFilter
    page_size: int
    page_token: str
    def __init__(self, owner: _Optional[str] = ..., filter: _Optional[_Union[AssetFilter, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListAssetsResponse(_message.Message):
    __slots__ = ("assets", "next_page_token")
    ASSETS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    assets: _containers.RepeatedCompositeFieldContainer[_asset_pb2.Asset]
    next_page_token: str
    def __init__(self, assets: _Optional[_Iterable[_Union[_asset_pb2.Asset, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListPagesRequest(_message.Message):
    __slots__ = ("asset_id", "owner", "page_size", "page_token")
    ASSET_ID_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    asset_id: str
    owner: str
    page_size: int
    page_token: str
    def __init__(self, asset_id: _Optional[str] = ..., owner: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class DocumentPage(_message.Message):
    __slots__ = ("number", "text", "url")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    number: int
    text: str
    url: str
    def __init__(self, number: _Optional[int] = ..., text: _Optional[str] = ..., url: _Optional[str] = ...) -> None: ...

class ListPagesResponse(_message.Message):
    __slots__ = ("pages", "next_page_token")
    PAGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    pages: _containers.RepeatedCompositeFieldContainer[DocumentPage]
    next_page_token: str
    def __init__(self, pages: _Optional[_Iterable[_Union[DocumentPage, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpdateAssetRequest(_message.Message):
    __slots__ = ("id", "owner", "details", "update_mask", "etag")
    ID_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    DETAILS_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    owner: str
    details: _asset_pb2.AssetDetails
    update_mask: _field_mask_pb2.FieldMask
    etag: str
    def __init__(self, id: _Optional[str] = ..., owner: _Optional[str] = ..., details: _Optional[_Union[_asset_pb2.AssetDetails, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class UpdateAssetResponse(_message.Message):
    __slots__ = ("asset",)
    ASSET_FIELD_NUMBER: _ClassVar[int]
    asset: _asset_pb2.Asset
    def __init__(self, asset: _Optional[_Union[_asset_pb2.Asset, _Mapping]] = ...) -> None: ...

class DeleteAssetRequest(_message.Message):
    __slots__ = ("id", "owner")
    ID_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    id: str
    owner: str
    def __init__(self, id: _Optional[str] = ..., owner: _Optional[str] = ...) -> None: ...

class DeleteAssetResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ApproveAssetRequest(_message.Message):
    __slots__ = ("id", "owner")
    ID_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    id: str
    owner: str
    def __init__(self, id: _Optional[str] = ..., owner: _Optional[str] = ...) -> None: ...

class ApproveAssetResponse(_message.Message):
    __slots__ = ("asset",)
    ASSET_FIELD_NUMBER: _ClassVar[int]
    asset: _asset_pb2.Asset
    def __init__(self, asset: _Optional[_Union[_asset_pb2.Asset, _Mapping]] = ...) -> None: ...

class RejectAssetRequest(_message.Message):
    __slots__ = ("id", "owner", "reason")
    ID_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    id: str
    owner: str
    reason: str
    def __init__(self, id: _Optional[str] = ..., owner: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class RejectAssetResponse(_message.Message):
    __slots__ = ("asset",)
    ASSET_FIELD_NUMBER: _ClassVar[int]
    asset: _asset_pb2.Asset
    def __init__(self, asset: _Optional[_Union[_asset_pb2.Asset, _Mapping]] = ...) -> None: ...

class FinalizeAssetRequest(_message.Message):
    __slots__ = ("id", "owner")
    ID_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    id: str
    owner: str
    def __init__(self, id: _Optional[str] = ..., owner: _Optional[str] = ...) -> None: ...

class FinalizeAssetResponse(_message.Message):
    __slots__ = ("asset",)
    ASSET_FIELD_NUMBER: _ClassVar[int]
    asset: _asset_pb2.Asset
    def __init__(self, asset: _Optional[_Union[_asset_pb2.Asset, _Mapping]] = ...) -> None: ...

class RetryAssetRequest(_message.Message):
    __slots__ = ("id", "owner")
    ID_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    id: str
    owner: str
    def __init__(self, id: _Optional[str] = ..., owner: _Optional[str] = ...) -> None: ...

class RetryAssetResponse(_message.Message):
    __slots__ = ("asset",)
    ASSET_FIELD_NUMBER: _ClassVar[int]
    asset: _asset_pb2.Asset
    def __init__(self, asset: _Optional[_Union[_asset_pb2.Asset, _Mapping]] = ...) -> None: ...

class ListFailuresRequest(_message.Message):
    __slots__ = ("owner", "page_size", "page_token")
    OWNER_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    owner: str
    page_size: int
    page_token: str
    def __init__(self, owner: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListFailuresResponse(_message.Message):
    __slots__ = ("assets", "next_page_token")
    ASSETS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    assets: _containers.RepeatedCompositeFieldContainer[_asset_pb2.Asset]
    next_page_token: str
    def __init__(self, assets: _Optional[_Iterable[_Union[_asset_pb2.Asset, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class WatchAssetsRequest(_message.Message):
    __slots__ = ("owner", "cursor", "from_now")
    OWNER_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    FROM_NOW_FIELD_NUMBER: _ClassVar[int]
    owner: str
    cursor: str
    from_now: bool
    def __init__(self, owner: _Optional[str] = ..., cursor: _Optional[str] = ..., from_now: bool = ...) -> None: ...

class WatchAssetsResponse(_message.Message):
    __slots__ = ("cursor", "change", "asset")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    ASSET_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    change: AssetChange
    asset: _asset_pb2.Asset
    def __init__(self, cursor: _Optional[str] = ..., change: _Optional[_Union[AssetChange, str]] = ..., asset: _Optional[_Union[_asset_pb2.Asset, _Mapping]] = ...) -> None: ...

class ReprocessAssetsRequest(_message.Message):
    __slots__ = ("owner", "asset_ids", "concurrency")
    OWNER_FIELD_NUMBER: _ClassVar[int]
    ASSET_IDS_FIELD_NUMBER: _ClassVar[int]
    CONCURRENCY_FIELD_NUMBER: _ClassVar[int]
    owner: str
    asset_ids: _containers.RepeatedScalarFieldContainer[str]
    concurrency: int
    def __init__(self, owner: _Optional[str] = ..., asset_ids: _Optional[_Iterable[str]] = ..., concurrency: _Optional[int] = ...) -> None: ...

class ReprocessAssetsResponse(_message.Message):
    __slots__ = ("total_count", "done_count", "failed_count", "asset_id", "error")
    TOTAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    DONE_COUNT_FIELD_NUMBER: _ClassVar[int]
    FAILED_COUNT_FIELD_NUMBER: _ClassVar[int]
    ASSET_ID_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    total_count: int
    done_count: int
    failed_count: int
    asset_id: str
    error: _asset_pb2.AssetError
    def __init__(self, total_count: _Optional[int] = ..., done_count: _Optional[int] = ..., failed_count: _Optional[int] = ..., asset_id: _Optional[str] = ..., error: _Optional[_Union[_asset_pb2.AssetError, _Mapping]] = ...) -> None: ...

class SweepRequest(_message.Message):
    __slots__ = ("repair", "verify_content", "min_age")
    REPAIR_FIELD_NUMBER: _ClassVar[int]
    VERIFY_CONTENT_FIELD_NUMBER: _ClassVar[int]
    MIN_AGE_FIELD_NUMBER: _ClassVar[int]
    repair: bool
    verify_content: bool
    min_age: _duration_pb2.Duration
    def __init__(self, repair: bool = ..., verify_content: bool = ..., min_age: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class SweepResponse(_message.Message):
    __slots__ = ("finding", "storage_key", "asset_id", "repaired", "objects_count", "assets_count", "message", "upload_id")
    FINDING_FIELD_NUMBER: _ClassVar[int]
    STORAGE_KEY_FIELD_NUMBER: _ClassVar[int]
    ASSET_ID_FIELD_NUMBER: _ClassVar[int]
    REPAIRED_FIELD_NUMBER: _ClassVar[int]
    OBJECTS_COUNT_FIELD_NUMBER: _ClassVar[int]
    ASSETS_COUNT_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    UPLOAD_ID_FIELD_NUMBER: _ClassVar[int]
    finding: SweepFinding
    storage_key: str
    asset_id: str
    repaired: bool
    objects_count: int
    assets_count: int
    message: str
    upload_id: str
    def __init__(self, finding: _Optional[_Union[SweepFinding, str]] = ..., storage_key: _Optional[str] = ..., asset_id: _Optional[str] = ..., repaired: bool = ..., objects_count: _Optional[int] = ..., assets_count: _Optional[int] = ..., message: _Optional[str] = ..., upload_id: _Optional[str] = ...) -> None: ...

class IssueUrlRequest(_message.Message):
    __slots__ = ("asset_id", "owner", "rendition", "expiry", "download")
    ASSET_ID_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    RENDITION_FIELD_NUMBER: _ClassVar[int]
    EXPIRY_FIELD_NUMBER: _ClassVar[int]
    DOWNLOAD_FIELD_NUMBER: _ClassVar[int]
    asset_id: str
    owner: str
    rendition: str
    expiry: _duration_pb2.Duration
    download: bool
    def __init__(self, asset_id: _Optional[str] = ..., owner: _Optional[str] = ..., rendition: _Optional[str] = ..., expiry: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., download: bool = ...) -> None: ...

class IssueUrlResponse(_message.Message):
    __slots__ = ("url", "url_id", "expire_time")
    URL_FIELD_NUMBER: _ClassVar[int]
    URL_ID_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    url: str
    url_id: str
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, url: _Optional[str] = ..., url_id: _Optional[str] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RevokeUrlRequest(_message.Message):
    __slots__ = ("url_id", "owner")
    URL_ID_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    url_id: str
    owner: str
    def __init__(self, url_id: _Optional[str] = ..., owner: _Optional[str] = ...) -> None: ...

class RevokeUrlResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ResolveUrlRequest(_message.Message):
    __slots__ = ("token",)
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    token: str
    def __init__(self, token: _Optional[str] = ...) -> None: ...

class ResolveUrlResponse(_message.Message):
    __slots__ = ("storage_key", "content_disposition", "expire_time")
    STORAGE_KEY_FIELD_NUMBER: _ClassVar[int]
    CONTENT_DISPOSITION_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    storage_key: str
    content_disposition: str
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, storage_key: _Optional[str] = ..., content_disposition: _Optional[str] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
