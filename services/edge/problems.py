"""The one table from client errors to HTTP problems (RFC 9457)."""

from http import HTTPStatus

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from tintype import errors

_log = structlog.get_logger(__name__)

_STATUSES: dict[type[errors.TintypeError], HTTPStatus] = {
    errors.InvalidArgument: HTTPStatus.BAD_REQUEST,
    errors.Unauthenticated: HTTPStatus.UNAUTHORIZED,
    errors.PermissionDenied: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.AlreadyExists: HTTPStatus.CONFLICT,
    errors.Aborted: HTTPStatus.CONFLICT,
    errors.FailedPrecondition: HTTPStatus.PRECONDITION_FAILED,
    errors.OutOfRange: HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
    errors.ResourceExhausted: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Unimplemented: HTTPStatus.NOT_IMPLEMENTED,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.DeadlineExceeded: HTTPStatus.GATEWAY_TIMEOUT,
}


def problem(
    status: HTTPStatus, detail: str, reason: str = "", headers: dict[str, str] | None = None
) -> JSONResponse:
    """Build a problem response; `reason` is the stable word of the error, where it has one."""
    body = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}
    if reason:
        body["reason"] = reason
    return JSONResponse(body, status, headers, "application/problem+json")


def on_service_error(_request: Request, error: Exception) -> JSONResponse:
    """Answer for what a service behind the edge refused or failed."""
    assert isinstance(error, errors.TintypeError)  # noqa: S101  # registered for nothing else
    status = _STATUSES.get(type(error), HTTPStatus.BAD_GATEWAY)
    if status is HTTPStatus.BAD_GATEWAY:
        _log.error("service failed", exc_info=error)
        return problem(status, "a service behind this one failed; the log has the details")
    headers = {}
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(max(1, round(error.retry_after_s)))
    return problem(status, str(error), error.reason, headers)


def on_access_denied(_request: Request, error: Exception) -> JSONResponse:
    """Answer for a signed URL that is not valid."""
    return problem(HTTPStatus.FORBIDDEN, str(error), "ACCESS_DENIED")


def on_http_error(_request: Request, error: Exception) -> JSONResponse:
    """Answer for what the router refused."""
    assert isinstance(error, HTTPException)  # noqa: S101  # registered for nothing else
    return problem(HTTPStatus(error.status_code), error.detail, "", dict(error.headers or {}))
