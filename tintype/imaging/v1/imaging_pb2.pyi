import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ImageFormat(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    IMAGE_FORMAT_UNSPECIFIED: _ClassVar[ImageFormat]
    IMAGE_FORMAT_JPEG: _ClassVar[ImageFormat]
    IMAGE_FORMAT_PNG: _ClassVar[ImageFormat]
    IMAGE_FORMAT_WEBP: _ClassVar[ImageFormat]
    IMAGE_FORMAT_AVIF: _ClassVar[ImageFormat]
    IMAGE_FORMAT_GIF: _ClassVar[ImageFormat]
    IMAGE_FORMAT_TIFF: _ClassVar[ImageFormat]
    IMAGE_FORMAT_BMP: _ClassVar[ImageFormat]
    IMAGE_FORMAT_HEIC: _ClassVar[ImageFormat]

class Fit(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FIT_UNSPECIFIED: _ClassVar[Fit]
    FIT_INSIDE: _ClassVar[Fit]
    FIT_COVER: _ClassVar[Fit]
IMAGE_FORMAT_UNSPECIFIED: ImageFormat
IMAGE_FORMAT_JPEG: ImageFormat
IMAGE_FORMAT_PNG: ImageFormat
IMAGE_FORMAT_WEBP: ImageFormat
IMAGE_FORMAT_AVIF: ImageFormat
IMAGE_FORMAT_GIF: ImageFormat
IMAGE_FORMAT_TIFF: ImageFormat
IMAGE_FORMAT_BMP: ImageFormat
IMAGE_FORMAT_HEIC: ImageFormat
FIT_UNSPECIFIED: Fit
FIT_INSIDE: Fit
FIT_COVER: Fit

class Chunk(_message.Message):
    __slots__ = ("crc32c", "content")
    CRC32C_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    crc32c: int
    content: bytes
    def __init__(self, crc32c: _Optional[int] = ..., content: _Optional[bytes] = ...) -> None: ...

class Finish(_message.Message):
    __slots__ = ("size_bytes", "crc32c")
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    CRC32C_FIELD_NUMBER: _ClassVar[int]
    size_bytes: int
    crc32c: int
    def __init__(self, size_bytes: _Optional[int] = ..., crc32c: _Optional[int] = ...) -> None: ...

class RenditionSpec(_message.Message):
    __slots__ = ("name", "width_px", "height_px", "fit", "format", "quality", "background_rgb")
    NAME_FIELD_NUMBER: _ClassVar[int]
    WIDTH_PX_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_PX_FIELD_NUMBER: _ClassVar[int]
    FIT_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    BACKGROUND_RGB_FIELD_NUMBER: _ClassVar[int]
    name: str
    width_px: int
    height_px: int
    fit: Fit
    format: ImageFormat
    quality: int
    background_rgb: int
    def __init__(self, name: _Optional[str] = ..., width_px: _Optional[int] = ..., height_px: _Optional[int] = ..., fit: _Optional[_Union[Fit, str]] = ..., format: _Optional[_Union[ImageFormat, str]] = ..., quality: _Optional[int] = ..., background_rgb: _Optional[int] = ...) -> None: ...

class DecodeOptions(_message.Message):
    __slots__ = ("tolerate_truncated",)
    TOLERATE_TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    tolerate_truncated: bool
    def __init__(self, tolerate_truncated: bool = ...) -> None: ...

class ProcessSpec(_message.Message):
    __slots__ = ("renditions", "palette_size", "options")
    RENDITIONS_FIELD_NUMBER: _ClassVar[int]
    PALETTE_SIZE_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    renditions: _containers.RepeatedCompositeFieldContainer[RenditionSpec]
    palette_size: int
    options: DecodeOptions
    def __init__(self, renditions: _Optional[_Iterable[_Union[RenditionSpec, _Mapping]]] = ..., palette_size: _Optional[int] = ..., options: _Optional[_Union[DecodeOptions, _Mapping]] = ...) -> None: ...

class ProcessRequest(_message.Message):
    __slots__ = ("spec", "chunk", "finish")
    SPEC_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    FINISH_FIELD_NUMBER: _ClassVar[int]
    spec: ProcessSpec
    chunk: Chunk
    finish: Finish
    def __init__(self, spec: _Optional[_Union[ProcessSpec, _Mapping]] = ..., chunk: _Optional[_Union[Chunk, _Mapping]] = ..., finish: _Optional[_Union[Finish, _Mapping]] = ...) -> None: ...

class Color(_message.Message):
    __slots__ = ("rgb", "share")
    RGB_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    rgb: int
    share: float
    def __init__(self, rgb: _Optional[int] = ..., share: _Optional[float] = ...) -> None: ...

class ImageFacts(_message.Message):
    __slots__ = ("format", "width_px", "height_px", "orientation", "frame_count", "duration", "has_alpha", "bit_depth", "profile_name", "size_bytes", "colors", "thumbhash", "warnings")
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    WIDTH_PX_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_PX_FIELD_NUMBER: _ClassVar[int]
    ORIENTATION_FIELD_NUMBER: _ClassVar[int]
    FRAME_COUNT_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    HAS_ALPHA_FIELD_NUMBER: _ClassVar[int]
    BIT_DEPTH_FIELD_NUMBER: _ClassVar[int]
    PROFILE_NAME_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    COLORS_FIELD_NUMBER: _ClassVar[int]
    THUMBHASH_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    format: ImageFormat
    width_px: int
    height_px: int
    orientation: int
    frame_count: int
    duration: _duration_pb2.Duration
    has_alpha: bool
    bit_depth: int
    profile_name: str
    size_bytes: int
    colors: _containers.RepeatedCompositeFieldContainer[Color]
    thumbhash: bytes
    warnings: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, format: _Optional[_Union[ImageFormat, str]] = ..., width_px: _Optional[int] = ..., height_px: _Optional[int] = ..., orientation: _Optional[int] = ..., frame_count: _Optional[int] = ..., duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., has_alpha: bool = ..., bit_depth: _Optional[int] = ..., profile_name: _Optional[str] = ..., size_bytes: _Optional[int] = ..., colors: _Optional[_Iterable[_Union[Color, _Mapping]]] = ..., thumbhash: _Optional[bytes] = ..., warnings: _Optional[_Iterable[str]] = ...) -> None: ...

class RenditionHeader(_message.Message):
    __slots__ = ("name", "format", "content_type", "width_px", "height_px", "frame_count", "size_bytes")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    CONTENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    WIDTH_PX_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_PX_FIELD_NUMBER: _ClassVar[int]
    FRAME_COUNT_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    name: str
    format: ImageFormat
    content_type: str
    width_px: int
    height_px: int
    frame_count: int
    size_bytes: int
    def __init__(self, name: _Optional[str] = ..., format: _Optional[_Union[ImageFormat, str]] = ..., content_type: _Optional[str] = ..., width_px: _Optional[int] = ..., height_px: _Optional[int] = ..., frame_count: _Optional[int] = ..., size_bytes: _Optional[int] = ...) -> None: ...

class RenditionEnd(_message.Message):
    __slots__ = ("name", "size_bytes", "crc32c")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    CRC32C_FIELD_NUMBER: _ClassVar[int]
    name: str
    size_bytes: int
    crc32c: int
    def __init__(self, name: _Optional[str] = ..., size_bytes: _Optional[int] = ..., crc32c: _Optional[int] = ...) -> None: ...

class ProcessResponse(_message.Message):
    __slots__ = ("facts", "chunk", "rendition", "rendition_end")
    FACTS_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    RENDITION_FIELD_NUMBER: _ClassVar[int]
    RENDITION_END_FIELD_NUMBER: _ClassVar[int]
    facts: ImageFacts
    chunk: Chunk
    rendition: RenditionHeader
    rendition_end: RenditionEnd
    def __init__(self, facts: _Optional[_Union[ImageFacts, _Mapping]] = ..., chunk: _Optional[_Union[Chunk, _Mapping]] = ..., rendition: _Optional[_Union[RenditionHeader, _Mapping]] = ..., rendition_end: _Optional[_Union[RenditionEnd, _Mapping]] = ...) -> None: ...

class InspectRequest(_message.Message):
    __slots__ = ("options", "chunk", "finish")
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    FINISH_FIELD_NUMBER: _ClassVar[int]
    options: DecodeOptions
    chunk: Chunk
    finish: Finish
    def __init__(self, options: _Optional[_Union[DecodeOptions, _Mapping]] = ..., chunk: _Optional[_Union[Chunk, _Mapping]] = ..., finish: _Optional[_Union[Finish, _Mapping]] = ...) -> None: ...

class InspectResponse(_message.Message):
    __slots__ = ("facts",)
    FACTS_FIELD_NUMBER: _ClassVar[int]
    facts: ImageFacts
    def __init__(self, facts: _Optional[_Union[ImageFacts, _Mapping]] = ...) -> None: ...

class PaletteOptions(_message.Message):
    __slots__ = ("palette_size", "options")
    PALETTE_SIZE_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    palette_size: int
    options: DecodeOptions
    def __init__(self, palette_size: _Optional[int] = ..., options: _Optional[_Union[DecodeOptions, _Mapping]] = ...) -> None: ...

class PaletteRequest(_message.Message):
    __slots__ = ("options", "chunk", "finish")
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    FINISH_FIELD_NUMBER: _ClassVar[int]
    options: PaletteOptions
    chunk: Chunk
    finish: Finish
    def __init__(self, options: _Optional[_Union[PaletteOptions, _Mapping]] = ..., chunk: _Optional[_Union[Chunk, _Mapping]] = ..., finish: _Optional[_Union[Finish, _Mapping]] = ...) -> None: ...

class PaletteResponse(_message.Message):
    __slots__ = ("colors",)
    COLORS_FIELD_NUMBER: _ClassVar[int]
    colors: _containers.RepeatedCompositeFieldContainer[Color]
    def __init__(self, colors: _Optional[_Iterable[_Union[Color, _Mapping]]] = ...) -> None: ...

class ResizeSpec(_message.Message):
    __slots__ = ("rendition", "options")
    RENDITION_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    rendition: RenditionSpec
    options: DecodeOptions
    def __init__(self, rendition: _Optional[_Union[RenditionSpec, _Mapping]] = ..., options: _Optional[_Union[DecodeOptions, _Mapping]] = ...) -> None: ...

class ResizeRequest(_message.Message):
    __slots__ = ("spec", "chunk", "finish")
    SPEC_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    FINISH_FIELD_NUMBER: _ClassVar[int]
    spec: ResizeSpec
    chunk: Chunk
    finish: Finish
    def __init__(self, spec: _Optional[_Union[ResizeSpec, _Mapping]] = ..., chunk: _Optional[_Union[Chunk, _Mapping]] = ..., finish: _Optional[_Union[Finish, _Mapping]] = ...) -> None: ...

class ResizeResponse(_message.Message):
    __slots__ = ("rendition", "chunk", "rendition_end")
    RENDITION_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    RENDITION_END_FIELD_NUMBER: _ClassVar[int]
    rendition: RenditionHeader
    chunk: Chunk
    rendition_end: RenditionEnd
    def __init__(self, rendition: _Optional[_Union[RenditionHeader, _Mapping]] = ..., chunk: _Optional[_Union[Chunk, _Mapping]] = ..., rendition_end: _Optional[_Union[RenditionEnd, _Mapping]] = ...) -> None: ...
