"""The edge's routes."""

from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.edge.objects import serve_object
from services.edge.problems import on_http_error, on_service_error
from services.edge.settings import EdgeSettings
from tintype.errors import TintypeError
from tintype.storage.client import StorageClient


def build_app(settings: EdgeSettings, storage: StorageClient) -> Starlette:
    """Build the application; it holds no state but its connections."""
    routes = [Route("/healthz", _health)]
    if settings.public_read:
        route = partial(_public_object, storage=storage, prefix=settings.upload_prefix)
        routes.append(Route(f"/{settings.bucket}/{{key:path}}", route, methods=["GET", "HEAD"]))
    return Starlette(
        routes=routes,
        exception_handlers={TintypeError: on_service_error, HTTPException: on_http_error},
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
