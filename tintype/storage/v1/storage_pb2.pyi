import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SignedMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SIGNED_METHOD_UNSPECIFIED: _ClassVar[SignedMethod]
    SIGNED_METHOD_GET: _ClassVar[SignedMethod]
    SIGNED_METHOD_PUT: _ClassVar[SignedMethod]
SIGNED_METHOD_UNSPECIFIED: SignedMethod
SIGNED_METHOD_GET: SignedMethod
SIGNED_METHOD_PUT: SignedMethod

class ObjectInfo(_message.Message):
    __slots__ = ("key", "size_bytes", "content_type", "cache_control", "content_disposition", "etag", "crc32c", "sha256", "modify_time", "user_metadata")
    class UserMetadataEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    KEY_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    CONTENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    CACHE_CONTROL_FIELD_NUMBER: _ClassVar[int]
    CONTENT_DISPOSITION_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CRC32C_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    MODIFY_TIME_FIELD_NUMBER: _ClassVar[int]
    USER_METADATA_FIELD_NUMBER: _ClassVar[int]
    key: str
    size_bytes: int
    content_type: str
    cache_control: str
    content_disposition: str
    etag: str
    crc32c: int
    sha256: bytes
    modify_time: _timestamp_pb2.Timestamp
    user_metadata: _containers.ScalarMap[str, str]
    def __init__(self, key: _Optional[str] = ..., size_bytes: _Optional[int] = ..., content_type: _Optional[str] = ..., cache_control: _Optional[str] = ..., content_disposition: _Optional[str] = ..., etag: _Optional[str] = ..., crc32c: _Optional[int] = ..., sha256: _Optional[bytes] = ..., modify_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., user_metadata: _Optional[_Mapping[str, str]] = ...) -> None: ...

class Chunk(_message.Message):
    __slots__ = ("crc32c", "content")
    CRC32C_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    crc32c: int
    content: bytes
    def __init__(self, crc32c: _Optional[int] = ..., content: _Optional[bytes] = ...) -> None: ...

class Precondition(_message.Message):
    __slots__ = ("create_only", "if_etag")
    CREATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    IF_ETAG_FIELD_NUMBER: _ClassVar[int]
    create_only: bool
    if_etag: str
    def __init__(self, create_only: bool = ..., if_etag: _Optional[str] = ...) -> None: ...

class PutHeader(_message.Message):
    __slots__ = ("key", "content_type", "cache_control", "content_disposition", "user_metadata", "size_bytes", "precondition", "upload_id", "upload_offset")
    class UserMetadataEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    KEY_FIELD_NUMBER: _ClassVar[int]
    CONTENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    CACHE_CONTROL_FIELD_NUMBER: _ClassVar[int]
    CONTENT_DISPOSITION_FIELD_NUMBER: _ClassVar[int]
    USER_METADATA_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    PRECONDITION_FIELD_NUMBER: _ClassVar[int]
    UPLOAD_ID_FIELD_NUMBER: _ClassVar[int]
    UPLOAD_OFFSET_FIELD_NUMBER: _ClassVar[int]
    key: str
    content_type: str
    cache_control: str
    content_disposition: str
    user_metadata: _containers.ScalarMap[str, str]
    size_bytes: int
    precondition: Precondition
    upload_id: str
    upload_offset: int
    def __init__(self, key: _Optional[str] = ..., content_type: _Optional[str] = ..., cache_control: _Optional[str] = ..., content_disposition: _Optional[str] = ..., user_metadata: _Optional[_Mapping[str, str]] = ..., size_bytes: _Optional[int] = ..., precondition: _Optional[_Union[Precondition, _Mapping]] = ..., upload_id: _Optional[str] = ..., upload_offset: _Optional[int] = ...) -> None: ...

class PutFinish(_message.Message):
    __slots__ = ("size_bytes", "crc32c", "sha256")
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    CRC32C_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    size_bytes: int
    crc32c: int
    sha256: bytes
    def __init__(self, size_bytes: _Optional[int] = ..., crc32c: _Optional[int] = ..., sha256: _Optional[bytes] = ...) -> None: ...

class PutRequest(_message.Message):
    __slots__ = ("header", "chunk", "finish")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    FINISH_FIELD_NUMBER: _ClassVar[int]
    header: PutHeader
    chunk: Chunk
    finish: PutFinish
    def __init__(self, header: _Optional[_Union[PutHeader, _Mapping]] = ..., chunk: _Optional[_Union[Chunk, _Mapping]] = ..., finish: _Optional[_Union[PutFinish, _Mapping]] = ...) -> None: ...

class PutResponse(_message.Message):
    __slots__ = ("info",)
    INFO_FIELD_NUMBER: _ClassVar[int]
    info: ObjectInfo
    def __init__(self, info: _Optional[_Union[ObjectInfo, _Mapping]] = ...) -> None: ...

class GetRequest(_message.Message):
    __slots__ = ("key", "offset", "length_bytes", "if_none_match")
    KEY_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    LENGTH_BYTES_FIELD_NUMBER: _ClassVar[int]
    IF_NONE_MATCH_FIELD_NUMBER: _ClassVar[int]
    key: str
    offset: int
    length_bytes: int
    if_none_match: str
    def __init__(self, key: _Optional[str] = ..., offset: _Optional[int] = ..., length_bytes: _Optional[int] = ..., if_none_match: _Optional[str] = ...) -> None: ...

class GetHeader(_message.Message):
    __slots__ = ("info", "offset", "length_bytes", "not_modified")
    INFO_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    LENGTH_BYTES_FIELD_NUMBER: _ClassVar[int]
    NOT_MODIFIED_FIELD_NUMBER: _ClassVar[int]
    info: ObjectInfo
    offset: int
    length_bytes: int
    not_modified: bool
    def __init__(self, info: _Optional[_Union[ObjectInfo, _Mapping]] = ..., offset: _Optional[int] = ..., length_bytes: _Optional[int] = ..., not_modified: bool = ...) -> None: ...

class GetResponse(_message.Message):
    __slots__ = ("header", "chunk")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    header: GetHeader
    chunk: Chunk
    def __init__(self, header: _Optional[_Union[GetHeader, _Mapping]] = ..., chunk: _Optional[_Union[Chunk, _Mapping]] = ...) -> None: ...

class HeadRequest(_message.Message):
    __slots__ = ("key",)
    KEY_FIELD_NUMBER: _ClassVar[int]
    key: str
    def __init__(self, key: _Optional[str] = ...) -> None: ...

class HeadResponse(_message.Message):
    __slots__ = ("info",)
    INFO_FIELD_NUMBER: _ClassVar[int]
    info: ObjectInfo
    def __init__(self, info: _Optional[_Union[ObjectInfo, _Mapping]] = ...) -> None: ...

class DeleteRequest(_message.Message):
    __slots__ = ("key", "if_etag")
    KEY_FIELD_NUMBER: _ClassVar[int]
    IF_ETAG_FIELD_NUMBER: _ClassVar[int]
    key: str
    if_etag: str
    def __init__(self, key: _Optional[str] = ..., if_etag: _Optional[str] = ...) -> None: ...

class DeleteResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListRequest(_message.Message):
    __slots__ = ("prefix", "delimiter", "page_size", "page_token")
    PREFIX_FIELD_NUMBER: _ClassVar[int]
    DELIMITER_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    prefix: str
    delimiter: str
    page_size: int
    page_token: str
    def __init__(self, prefix: _Optional[str] = ..., delimiter: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListResponse(_message.Message):
    __slots__ = ("objects", "common_prefixes", "next_page_token")
    OBJECTS_FIELD_NUMBER: _ClassVar[int]
    COMMON_PREFIXES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    objects: _containers.RepeatedCompositeFieldContainer[ObjectInfo]
    common_prefixes: _containers.RepeatedScalarFieldContainer[str]
    next_page_token: str
    def __init__(self, objects: _Optional[_Iterable[_Union[ObjectInfo, _Mapping]]] = ..., common_prefixes: _Optional[_Iterable[str]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CopyRequest(_message.Message):
    __slots__ = ("source_key", "target_key", "if_source_etag", "precondition")
    SOURCE_KEY_FIELD_NUMBER: _ClassVar[int]
    TARGET_KEY_FIELD_NUMBER: _ClassVar[int]
    IF_SOURCE_ETAG_FIELD_NUMBER: _ClassVar[int]
    PRECONDITION_FIELD_NUMBER: _ClassVar[int]
    source_key: str
    target_key: str
    if_source_etag: str
    precondition: Precondition
    def __init__(self, source_key: _Optional[str] = ..., target_key: _Optional[str] = ..., if_source_etag: _Optional[str] = ..., precondition: _Optional[_Union[Precondition, _Mapping]] = ...) -> None: ...

class CopyResponse(_message.Message):
    __slots__ = ("info",)
    INFO_FIELD_NUMBER: _ClassVar[int]
    info: ObjectInfo
    def __init__(self, info: _Optional[_Union[ObjectInfo, _Mapping]] = ...) -> None: ...

class SignUrlRequest(_message.Message):
    __slots__ = ("key", "method", "expiry", "content_type", "content_disposition")
    KEY_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    EXPIRY_FIELD_NUMBER: _ClassVar[int]
    CONTENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_DISPOSITION_FIELD_NUMBER: _ClassVar[int]
    key: str
    method: SignedMethod
    expiry: _duration_pb2.Duration
    content_type: str
    content_disposition: str
    def __init__(self, key: _Optional[str] = ..., method: _Optional[_Union[SignedMethod, str]] = ..., expiry: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., content_type: _Optional[str] = ..., content_disposition: _Optional[str] = ...) -> None: ...

class SignUrlResponse(_message.Message):
    __slots__ = ("url", "expire_time", "headers")
    class HeadersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    URL_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    HEADERS_FIELD_NUMBER: _ClassVar[int]
    url: str
    expire_time: _timestamp_pb2.Timestamp
    headers: _containers.ScalarMap[str, str]
    def __init__(self, url: _Optional[str] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., headers: _Optional[_Mapping[str, str]] = ...) -> None: ...

class StartUploadRequest(_message.Message):
    __slots__ = ("header",)
    HEADER_FIELD_NUMBER: _ClassVar[int]
    header: PutHeader
    def __init__(self, header: _Optional[_Union[PutHeader, _Mapping]] = ...) -> None: ...

class StartUploadResponse(_message.Message):
    __slots__ = ("upload_id", "expire_time")
    UPLOAD_ID_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    upload_id: str
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, upload_id: _Optional[str] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class QueryUploadRequest(_message.Message):
    __slots__ = ("upload_id",)
    UPLOAD_ID_FIELD_NUMBER: _ClassVar[int]
    upload_id: str
    def __init__(self, upload_id: _Optional[str] = ...) -> None: ...

class QueryUploadResponse(_message.Message):
    __slots__ = ("persisted_bytes", "info", "persisted_crc32c")
    PERSISTED_BYTES_FIELD_NUMBER: _ClassVar[int]
    INFO_FIELD_NUMBER: _ClassVar[int]
    PERSISTED_CRC32C_FIELD_NUMBER: _ClassVar[int]
    persisted_bytes: int
    info: ObjectInfo
    persisted_crc32c: int
    def __init__(self, persisted_bytes: _Optional[int] = ..., info: _Optional[_Union[ObjectInfo, _Mapping]] = ..., persisted_crc32c: _Optional[int] = ...) -> None: ...

class AbortUploadRequest(_message.Message):
    __slots__ = ("upload_id",)
    UPLOAD_ID_FIELD_NUMBER: _ClassVar[int]
    upload_id: str
    def __init__(self, upload_id: _Optional[str] = ...) -> None: ...

class AbortUploadResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListUploadsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class OpenUpload(_message.Message):
    __slots__ = ("upload_id", "key", "touch_time", "persisted_bytes")
    UPLOAD_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    TOUCH_TIME_FIELD_NUMBER: _ClassVar[int]
    PERSISTED_BYTES_FIELD_NUMBER: _ClassVar[int]
    upload_id: str
    key: str
    touch_time: _timestamp_pb2.Timestamp
    persisted_bytes: int
    def __init__(self, upload_id: _Optional[str] = ..., key: _Optional[str] = ..., touch_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., persisted_bytes: _Optional[int] = ...) -> None: ...

class ListUploadsResponse(_message.Message):
    __slots__ = ("uploads", "next_page_token")
    UPLOADS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    uploads: _containers.RepeatedCompositeFieldContainer[OpenUpload]
    next_page_token: str
    def __init__(self, uploads: _Optional[_Iterable[_Union[OpenUpload, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class PutBytesRequest(_message.Message):
    __slots__ = ("header", "content", "crc32c", "sha256")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    CRC32C_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    header: PutHeader
    content: bytes
    crc32c: int
    sha256: bytes
    def __init__(self, header: _Optional[_Union[PutHeader, _Mapping]] = ..., content: _Optional[bytes] = ..., crc32c: _Optional[int] = ..., sha256: _Optional[bytes] = ...) -> None: ...

class PutBytesResponse(_message.Message):
    __slots__ = ("info",)
    INFO_FIELD_NUMBER: _ClassVar[int]
    info: ObjectInfo
    def __init__(self, info: _Optional[_Union[ObjectInfo, _Mapping]] = ...) -> None: ...

class GetBytesRequest(_message.Message):
    __slots__ = ("key", "offset", "length_bytes")
    KEY_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    LENGTH_BYTES_FIELD_NUMBER: _ClassVar[int]
    key: str
    offset: int
    length_bytes: int
    def __init__(self, key: _Optional[str] = ..., offset: _Optional[int] = ..., length_bytes: _Optional[int] = ...) -> None: ...

class GetBytesResponse(_message.Message):
    __slots__ = ("info", "offset", "content", "crc32c")
    INFO_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    CRC32C_FIELD_NUMBER: _ClassVar[int]
    info: ObjectInfo
    offset: int
    content: bytes
    crc32c: int
    def __init__(self, info: _Optional[_Union[ObjectInfo, _Mapping]] = ..., offset: _Optional[int] = ..., content: _Optional[bytes] = ..., crc32c: _Optional[int] = ...) -> None: ...
