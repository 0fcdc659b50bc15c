"""Signed URLs of the embedded store: one object, one method, until they expire."""

from collections.abc import Iterator
from http import HTTPStatus

from anyio import from_thread
from anyio.lowlevel import EventLoopToken, current_token
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from services.edge.objects import serve_object
from services.edge.problems import problem
from storage.edge_urls import EdgeUrls, SignedAccess
from tintype.storage.client import StorageClient


class SignedObjects:
    """Serves and takes in objects for whoever has a URL that the storage service signed."""

    def __init__(self, urls: EdgeUrls, storage: StorageClient) -> None:
        self._urls = urls
        self._storage = storage

    async def __call__(self, request: Request) -> Response:
        """Answer GET, HEAD or PUT, whichever the URL was signed for.

        Raises:
            AccessDenied: the URL is not valid, or no longer, or not for this method.
        """
        key = request.path_params["key"]
        access = self._urls.verify(request.method, key, dict(request.query_params))
        if request.method == "PUT":
            return await self._put(request, access)
        response = await serve_object(request, self._storage, key)
        if access.content_disposition:
            response.headers["Content-Disposition"] = access.content_disposition
        # What one person was given the URL of is nobody else's cache's business.
        response.headers["Cache-Control"] = "private, no-store"
        return response

    async def _put(self, request: Request, access: SignedAccess) -> Response:
        """Store the body as it comes; a body that breaks off stores nothing."""
        content_type = request.headers.get("content-type", "")
        if access.content_type and content_type != access.content_type:
            return problem(
                HTTPStatus.BAD_REQUEST,
                f"the URL is for Content-Type {access.content_type!r}, not {content_type!r}",
                "INVALID_REQUEST",
            )
        try:
            info = await run_in_threadpool(
                self._storage.put,
                access.key,
                _body(request, current_token()),
                content_type=content_type,
            )
        except ClientDisconnect:
            return problem(HTTPStatus.BAD_REQUEST, "the body broke off; nothing is stored")
        return Response(status_code=HTTPStatus.OK, headers={"ETag": f'"{info.etag}"'})


def _body(request: Request, loop: EventLoopToken) -> Iterator[bytes]:
    """Yield the body in any thread, each part read by the event loop when asked for."""
    stream = request.stream()
    while True:
        try:
            part = from_thread.run(stream.__anext__, token=loop)
        except StopAsyncIteration:
            return
        if part:
            yield part
