"""Between the messages of the contract and the words of the store."""

from collections.abc import Callable
from datetime import timedelta

from google.protobuf.timestamp_pb2 import Timestamp

from services.rpc.errors import InvalidRequest
from storage.store import DEFAULT_CONTENT_TYPE, ObjectInfo, PutInfo, no_sha256
from storage.uploads import OpenUpload, UrlRequest
from tintype.storage.v1 import storage_pb2 as pb

_MAX_METADATA_BYTES = 8 * 1024
_MAX_OBJECT_BYTES = 5 * 1024**4
_DEFAULT_EXPIRY = timedelta(minutes=15)
_MAX_EXPIRY = timedelta(days=7)
_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")


def object_info(info: ObjectInfo) -> pb.ObjectInfo:
    """Say an object's info on the wire."""
    modify_time = Timestamp()
    modify_time.FromDatetime(info.modify_time)
    return pb.ObjectInfo(
        key=info.key,
        size_bytes=info.size_bytes,
        content_type=info.content_type,
        cache_control=info.cache_control,
        content_disposition=info.content_disposition,
        etag=info.etag,
        crc32c=info.crc32c,
        sha256=info.sha256,
        modify_time=modify_time,
        user_metadata=info.user_metadata,
    )


def open_upload(upload: OpenUpload) -> pb.OpenUpload:
    """Say an open upload on the wire."""
    touch_time = Timestamp()
    touch_time.FromDatetime(upload.touch_time)
    return pb.OpenUpload(
        upload_id=upload.upload_id,
        key=upload.key,
        touch_time=touch_time,
        persisted_bytes=upload.persisted_bytes,
    )


def put_info(header: pb.PutHeader, sha256: Callable[[], bytes] = no_sha256) -> PutInfo:
    """Read from a put's header how the object is to be stored.

    `sha256` is asked for the digest once the content has ended.

    Raises:
        InvalidRequest: a field has a value it may not have.
    """
    _check_header_value("content_type", header.content_type)
    _check_header_value("cache_control", header.cache_control)
    _check_header_value("content_disposition", header.content_disposition)
    _check_metadata(dict(header.user_metadata))
    size_bytes = header.size_bytes if header.HasField("size_bytes") else None
    if size_bytes is not None and not 0 <= size_bytes <= _MAX_OBJECT_BYTES:
        raise InvalidRequest(f"size_bytes must be 0 to {_MAX_OBJECT_BYTES}, not {size_bytes}")
    return PutInfo(
        content_type=header.content_type or DEFAULT_CONTENT_TYPE,
        cache_control=header.cache_control,
        content_disposition=header.content_disposition,
        user_metadata=dict(header.user_metadata),
        size_bytes=size_bytes,
        create_only=header.precondition.create_only,
        if_etag=_if_etag(header.precondition),
        sha256=sha256,
    )


def conditions(precondition: pb.Precondition) -> PutInfo:
    """Read what must hold for a copy; nothing else is told of it.

    Raises:
        InvalidRequest: the etag to hold is empty.
    """
    return PutInfo(create_only=precondition.create_only, if_etag=_if_etag(precondition))


def check_no_upload(header: pb.PutHeader) -> None:
    """Refuse an upload where there can be none."""
    if header.upload_id or header.upload_offset:
        raise InvalidRequest("upload_id and upload_offset belong to Put alone, and together")


def check_sha256(sha256: bytes) -> None:
    """Refuse what cannot be a SHA-256; empty is none."""
    if len(sha256) not in {0, 32}:
        raise InvalidRequest(f"a sha256 has 32 bytes, not {len(sha256)}")


def url_request(request: pb.SignUrlRequest) -> UrlRequest:
    """Read which URL to sign.

    Raises:
        InvalidRequest: a field has a value it may not have.
    """
    expiry = request.expiry.ToTimedelta() if request.HasField("expiry") else _DEFAULT_EXPIRY
    if not timedelta(seconds=1) <= expiry <= _MAX_EXPIRY:
        raise InvalidRequest(
            f"expiry must be 1 second to 7 days, not {expiry.total_seconds():g} seconds"
        )
    _check_header_value("content_type", request.content_type)
    _check_header_value("content_disposition", request.content_disposition)
    is_put = request.method == pb.SIGNED_METHOD_PUT
    if request.content_type and not is_put:
        raise InvalidRequest("content_type is for PUT; a GET answers with the object's own")
    if request.content_disposition and is_put:
        raise InvalidRequest("content_disposition is for GET")
    return UrlRequest(
        "PUT" if is_put else "GET", expiry, request.content_type, request.content_disposition
    )


def _if_etag(precondition: pb.Precondition) -> str:
    """Return the etag that must be there; empty for no condition, which is not to name one."""
    if precondition.WhichOneof("condition") == "if_etag" and not precondition.if_etag:
        raise InvalidRequest("if_etag must not be empty: no object has an empty etag")
    return precondition.if_etag


def _check_header_value(name: str, value: str) -> None:
    """Refuse what could not be served as an HTTP header later."""
    if any(character < " " or character == "\x7f" for character in value):
        raise InvalidRequest(f"{name} must have no control character: {value!r}")


def _check_metadata(metadata: dict[str, str]) -> None:
    """Hold user metadata against the rules of the contract."""
    size = sum(len(name.encode()) + len(value.encode()) for name, value in metadata.items())
    if size > _MAX_METADATA_BYTES:
        raise InvalidRequest(
            f"user_metadata must be at most {_MAX_METADATA_BYTES} bytes added up, not {size}"
        )
    for name, value in metadata.items():
        if not name or not _NAME_CHARACTERS.issuperset(name):
            raise InvalidRequest(
                f"the user_metadata name {name!r} must be of lower case ASCII letters, digits, "
                "'-' and '_'"
            )
        _check_header_value(f"user_metadata {name!r}", value)
