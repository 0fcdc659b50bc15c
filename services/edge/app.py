"""The edge's routes."""

from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.edge.objects import serve_object
from services.edge.problems import on_access_denied, on_http_error, on_service_error
from services.edge.settings import EdgeSettings
from services.edge.signed import SignedObjects
from storage.edge_urls import PATH_PREFIX, EdgeUrls
from storage.errors import AccessDenied
from tintype.errors import TintypeError
from tintype.storage.client import StorageClient


def build_app(
    settings: EdgeSettings, storage: StorageClient, urls: EdgeUrls | None = None
) -> Starlette:
    """Build the application; it holds no state but its connections.

    Args:
        settings: which routes there are.
        storage: where the objects are.
        urls: verifies signed URLs; None where the store answers its own.
    """
    routes = [Route("/healthz", _health)]
    if urls is not None:
        signed = SignedObjects(urls, storage)
        methods = ["GET", "HEAD", "PUT"]
        routes.append(Route(f"{PATH_PREFIX}{{key:path}}", signed.__call__, methods=methods))
    if settings.public_read:
        route = partial(_public_object, storage=storage, prefix=settings.upload_prefix)
        routes.append(Route(f"/{settings.bucket}/{{key:path}}", route, methods=["GET", "HEAD"]))
    return Starlette(
        routes=routes,
        exception_handlers={
            TintypeError: on_service_error,
            AccessDenied: on_access_denied,
            HTTPException: on_http_error,
        },
    )


async def _health(_request: Request) -> Response:
    """Say that the process is up."""
    return PlainTextResponse("SERVING\n")


async def _public_object(request: Request, *, storage: StorageClient, prefix: str) -> Response:
    """Serve an image under the upload prefix to everyone; nothing else exists here."""
    key = request.path_params["key"]
    if not key.startswith(f"{prefix}/"):
        raise HTTPException(404)
    return await serve_object(request, storage, key)
