"""Serving one object over HTTP: whole, in part, or not at all when the client has it."""

from collections.abc import AsyncIterator
from http import HTTPStatus

from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from services.edge.problems import problem
from services.edge.ranges import Range, parse_range
from tintype.errors import OutOfRange
from tintype.storage.client import ObjectReader, StorageClient
from tintype.storage.v1 import storage_pb2

# An object's bytes never change without its key or its etag, but it may be deleted:
# an hour is how long a picture may outlive that in somebody's cache.
_CACHE_CONTROL = "public, max-age=3600"
_SAFETY_HEADERS = {
    # What is served here must never run in the application's origin.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


async def serve_object(request: Request, storage: StorageClient, key: str) -> Response:
    """Answer GET or HEAD for the object at a key, heeding Range and If-None-Match."""
    if request.method == "HEAD":
        info = await run_in_threadpool(storage.head, key)
        if _matches(request, info):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=_headers(info))
        return Response(headers={**_headers(info), "Content-Length": str(info.size_bytes)})
    part = parse_range(request.headers.get("range", ""))
    try:
        reader, partial = await _open(request, storage, key, part)
    except OutOfRange as error:
        info = await run_in_threadpool(storage.head, key)
        headers = {"Content-Range": f"bytes */{info.size_bytes}"}
        return problem(
            HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, str(error), error.reason, headers
        )
    headers = _headers(reader.info)
    if _matches(request, reader.info):
        reader.close()
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    headers["Content-Length"] = str(reader.length_bytes)
    status = HTTPStatus.OK
    if partial:
        status = HTTPStatus.PARTIAL_CONTENT
        last = reader.offset + reader.length_bytes - 1
        headers["Content-Range"] = f"bytes {reader.offset}-{last}/{reader.info.size_bytes}"
    return StreamingResponse(_body(reader), status, headers)


async def _open(
    request: Request, storage: StorageClient, key: str, part: Range | None
) -> tuple[ObjectReader, bool]:
    """Open the part that is asked for, or the whole if it belongs to another version.

    Returns:
        The reader, and whether it reads the part.
    """
    offset, length_bytes = part or (0, 0)
    reader = await run_in_threadpool(storage.get, key, offset=offset, length_bytes=length_bytes)
    if_range = request.headers.get("if-range")
    if part and if_range and if_range != f'"{reader.info.etag}"':
        reader.close()
        return await run_in_threadpool(storage.get, key), False
    return reader, part is not None and reader.length_bytes > 0


async def _body(reader: ObjectReader) -> AsyncIterator[bytes]:
    """Send the content; an error in the middle cuts the connection, which the client notices."""
    try:
        async for chunk in iterate_in_threadpool(reader):
            yield bytes(chunk)
    finally:
        reader.close()


def _headers(info: storage_pb2.ObjectInfo) -> dict[str, str]:
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": info.cache_control or _CACHE_CONTROL,
        "Content-Type": info.content_type,
        "ETag": f'"{info.etag}"',
        "Last-Modified": info.modify_time.ToDatetime().strftime("%a, %d %b %Y %H:%M:%S GMT"),
        **_SAFETY_HEADERS,
    }
    if info.content_disposition:
        headers["Content-Disposition"] = info.content_disposition
    return headers


def _matches(request: Request, info: storage_pb2.ObjectInfo) -> bool:
    """Tell whether the client has this very version already."""
    known = request.headers.get("if-none-match", "")
    tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
    return bool(known) and (f'"{info.etag}"' in tags or "*" in tags)
