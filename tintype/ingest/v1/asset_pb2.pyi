import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AssetKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ASSET_KIND_UNSPECIFIED: _ClassVar[AssetKind]
    ASSET_KIND_IMAGE: _ClassVar[AssetKind]
    ASSET_KIND_DOCUMENT: _ClassVar[AssetKind]

class AssetSource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ASSET_SOURCE_UNSPECIFIED: _ClassVar[AssetSource]
    ASSET_SOURCE_UPLOAD: _ClassVar[AssetSource]
    ASSET_SOURCE_DISCORD: _ClassVar[AssetSource]
    ASSET_SOURCE_PINTEREST: _ClassVar[AssetSource]
    ASSET_SOURCE_AI: _ClassVar[AssetSource]

class AssetState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ASSET_STATE_UNSPECIFIED: _ClassVar[AssetState]
    ASSET_STATE_PROCESSING: _ClassVar[AssetState]
    ASSET_STATE_QUEUED: _ClassVar[AssetState]
    ASSET_STATE_DRAFT: _ClassVar[AssetState]
    ASSET_STATE_ACTIVE: _ClassVar[AssetState]
    ASSET_STATE_REJECTED: _ClassVar[AssetState]
    ASSET_STATE_FAILED: _ClassVar[AssetState]
    ASSET_STATE_PENDING: _ClassVar[AssetState]
    ASSET_STATE_READY: _ClassVar[AssetState]
ASSET_KIND_UNSPECIFIED: AssetKind
ASSET_KIND_IMAGE: AssetKind
ASSET_KIND_DOCUMENT: AssetKind
ASSET_SOURCE_UNSPECIFIED: AssetSource
ASSET_SOURCE_UPLOAD: AssetSource
ASSET_SOURCE_DISCORD: AssetSource
ASSET_SOURCE_PINTEREST: AssetSource
ASSET_SOURCE_AI: AssetSource
ASSET_STATE_UNSPECIFIED: AssetState
ASSET_STATE_PROCESSING: AssetState
ASSET_STATE_QUEUED: AssetState
ASSET_STATE_DRAFT: AssetState
ASSET_STATE_ACTIVE: AssetState
ASSET_STATE_REJECTED: AssetState
ASSET_STATE_FAILED: AssetState
ASSET_STATE_PENDING: AssetState
ASSET_STATE_READY: AssetState

class Rendition(_message.Message):
    __slots__ = ("name", "storage_key", "url", "content_type", "width_px", "height_px", "size_bytes", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    STORAGE_KEY_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    CONTENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    WIDTH_PX_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_PX_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    storage_key: str
    url: str
    content_type: str
    width_px: int
    height_px: int
    size_bytes: int
    etag: str
    def __init__(self, name: _Optional[str] = ..., storage_key: _Optional[str] = ..., url: _Optional[str] = ..., content_type: _Optional[str] = ..., width_px: _Optional[int] = ..., height_px: _Optional[int] = ..., size_bytes: _Optional[int] = ..., etag: _Optional[str] = ...) -> None: ...

class SampledColor(_message.Message):
    __slots__ = ("hex", "share")
    HEX_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    hex: str
    share: float
    def __init__(self, hex: _Optional[str] = ..., share: _Optional[float] = ...) -> None: ...

class AssetDetails(_message.Message):
    __slots__ = ("title", "description", "tags", "category", "group", "project", "style", "shot", "proposed_colors")
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    STYLE_FIELD_NUMBER: _ClassVar[int]
    SHOT_FIELD_NUMBER: _ClassVar[int]
    PROPOSED_COLORS_FIELD_NUMBER: _ClassVar[int]
    title: str
    description: str
    tags: _containers.RepeatedScalarFieldContainer[str]
    category: str
    group: str
    project: str
    style: str
    shot: str
    proposed_colors: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, title: _Optional[str] = ..., description: _Optional[str] = ..., tags: _Optional[_Iterable[str]] = ..., category: _Optional[str] = ..., group: _Optional[str] = ..., project: _Optional[str] = ..., style: _Optional[str] = ..., shot: _Optional[str] = ..., proposed_colors: _Optional[_Iterable[str]] = ...) -> None: ...

class AssetError(_message.Message):
    __slots__ = ("reason", "message", "retryable", "attempts")
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    RETRYABLE_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    reason: str
    message: str
    retryable: bool
    attempts: int
    def __init__(self, reason: _Optional[str] = ..., message: _Optional[str] = ..., retryable: bool = ..., attempts: _Optional[int] = ...) -> None: ...

class DocumentFacts(_message.Message):
    __slots__ = ("page_count",)
    PAGE_COUNT_FIELD_NUMBER: _ClassVar[int]
    page_count: int
    def __init__(self, page_count: _Optional[int] = ...) -> None: ...

class Asset(_message.Message):
    __slots__ = ("id", "owner", "kind", "source", "external_id", "source_url", "file_name", "state", "error", "renditions", "colors", "width_px", "height_px", "format", "size_bytes", "sha256", "thumbhash", "frame_count", "details", "warnings", "document", "recipe_version", "create_time", "update_time", "etag")
    ID_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    EXTERNAL_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_URL_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    RENDITIONS_FIELD_NUMBER: _ClassVar[int]
    COLORS_FIELD_NUMBER: _ClassVar[int]
    WIDTH_PX_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_PX_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    THUMBHASH_FIELD_NUMBER: _ClassVar[int]
    FRAME_COUNT_FIELD_NUMBER: _ClassVar[int]
    DETAILS_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    RECIPE_VERSION_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    owner: str
    kind: AssetKind
    source: AssetSource
    external_id: str
    source_url: str
    file_name: str
    state: AssetState
    error: AssetError
    renditions: _containers.RepeatedCompositeFieldContainer[Rendition]
    colors: _containers.RepeatedCompositeFieldContainer[SampledColor]
    width_px: int
    height_px: int
    format: str
    size_bytes: int
    sha256: bytes
    thumbhash: bytes
    frame_count: int
    details: AssetDetails
    warnings: _containers.RepeatedScalarFieldContainer[str]
    document: DocumentFacts
    recipe_version: int
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    etag: str
    def __init__(self, id: _Optional[str] = ..., owner: _Optional[str] = ..., kind: _Optional[_Union[AssetKind, str]] = ..., source: _Optional[_Union[AssetSource, str]] = ..., external_id: _Optional[str] = ..., source_url: _Optional[str] = ..., file_name: _Optional[str] = ..., state: _Optional[_Union[AssetState, str]] = ..., error: _Optional[_Union[AssetError, _Mapping]] = ..., renditions: _Optional[_Iterable[_Union[Rendition, _Mapping]]] = ..., colors: _Optional[_Iterable[_Union[SampledColor, _Mapping]]] = ..., width_px: _Optional[int] = ..., height_px: _Optional[int] = ..., format: _Optional[str] = ..., size_bytes: _Optional[int] = ..., sha256: _Optional[bytes] = ..., thumbhash: _Optional[bytes] = ..., frame_count: _Optional[int] = ..., details: _Optional[_Union[AssetDetails, _Mapping]] = ..., warnings: _Optional[_Iterable[str]] = ..., document: _Optional[_Union[DocumentFacts, _Mapping]] = ..., recipe_version: _Optional[int] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...
