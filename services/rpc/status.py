"""The one table from domain errors to gRPC statuses, and the interceptor that applies it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, NoReturn

import grpc
import structlog
from google.protobuf.any_pb2 import Any as AnyMessage
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

import imaging.errors as imaging_errors
import services.ingest.errors as ingest_errors
import storage.errors as storage_errors
from services.rpc import errors as request_errors
from services.rpc.around import around
from tintype.errors import TintypeError

DOMAIN = "tintype"
_log = structlog.get_logger(__name__)


class Status(NamedTuple):
    """How an error is said on the wire."""

    code: grpc.StatusCode
    reason: str


_C = grpc.StatusCode
# A subclass that is not listed is said as its nearest listed ancestor.
STATUSES: dict[type[Exception], Status] = {
    request_errors.InvalidRequest: Status(_C.INVALID_ARGUMENT, "INVALID_REQUEST"),
    request_errors.ChecksumMismatch: Status(_C.DATA_LOSS, "CHECKSUM_MISMATCH"),
    request_errors.SizeMismatch: Status(_C.DATA_LOSS, "SIZE_MISMATCH"),
    request_errors.IncompleteStream: Status(_C.DATA_LOSS, "INCOMPLETE_STREAM"),
    request_errors.Overloaded: Status(_C.RESOURCE_EXHAUSTED, "OVERLOADED"),
    storage_errors.ObjectNotFound: Status(_C.NOT_FOUND, "OBJECT_NOT_FOUND"),
    storage_errors.ObjectExists: Status(_C.ALREADY_EXISTS, "OBJECT_EXISTS"),
    storage_errors.EtagMismatch: Status(_C.FAILED_PRECONDITION, "ETAG_MISMATCH"),
    storage_errors.InvalidKey: Status(_C.INVALID_ARGUMENT, "INVALID_KEY"),
    storage_errors.InvalidRange: Status(_C.OUT_OF_RANGE, "INVALID_RANGE"),
    storage_errors.ChecksumMismatch: Status(_C.DATA_LOSS, "CHECKSUM_MISMATCH"),
    storage_errors.SizeMismatch: Status(_C.DATA_LOSS, "SIZE_MISMATCH"),
    storage_errors.DataCorrupted: Status(_C.DATA_LOSS, "DATA_CORRUPTED"),
    storage_errors.UploadNotFound: Status(_C.NOT_FOUND, "UPLOAD_NOT_FOUND"),
    storage_errors.UploadConflict: Status(_C.ABORTED, "UPLOAD_CONFLICT"),
    storage_errors.StoreUnavailable: Status(_C.UNAVAILABLE, "STORE_UNAVAILABLE"),
    storage_errors.StoreFull: Status(_C.RESOURCE_EXHAUSTED, "STORE_FULL"),
    storage_errors.StoreReadOnly: Status(_C.FAILED_PRECONDITION, "STORE_READ_ONLY"),
    storage_errors.AccessDenied: Status(_C.FAILED_PRECONDITION, "ACCESS_DENIED"),
    storage_errors.BucketMissing: Status(_C.FAILED_PRECONDITION, "BUCKET_MISSING"),
    imaging_errors.UnsupportedFormat: Status(_C.INVALID_ARGUMENT, "UNSUPPORTED_FORMAT"),
    imaging_errors.DamagedImage: Status(_C.INVALID_ARGUMENT, "DAMAGED_IMAGE"),
    imaging_errors.ImageTooLarge: Status(_C.INVALID_ARGUMENT, "IMAGE_TOO_LARGE"),
    imaging_errors.InvalidSpec: Status(_C.INVALID_ARGUMENT, "INVALID_SPEC"),
    imaging_errors.DecoderCrashed: Status(_C.ABORTED, "DECODER_CRASHED"),
    imaging_errors.DecoderTimeout: Status(_C.ABORTED, "DECODER_TIMEOUT"),
    imaging_errors.WorkersLost: Status(_C.UNAVAILABLE, "WORKERS_LOST"),
    imaging_errors.QueueFull: Status(_C.RESOURCE_EXHAUSTED, "OVERLOADED"),
    ingest_errors.UnsupportedDocument: Status(_C.INVALID_ARGUMENT, "UNSUPPORTED_FORMAT"),
    ingest_errors.DamagedDocument: Status(_C.INVALID_ARGUMENT, "DAMAGED_DOCUMENT"),
    ingest_errors.EncryptedDocument: Status(_C.INVALID_ARGUMENT, "ENCRYPTED_DOCUMENT"),
    ingest_errors.DocumentTooLarge: Status(_C.INVALID_ARGUMENT, "DOCUMENT_TOO_LARGE"),
    ingest_errors.DocumentCrashed: Status(_C.ABORTED, "DOCUMENT_CRASHED"),
    ingest_errors.DocumentTimeout: Status(_C.ABORTED, "DOCUMENT_TIMEOUT"),
    ingest_errors.UrlRefused: Status(_C.INVALID_ARGUMENT, "URL_REFUSED"),
    ingest_errors.NotFetchable: Status(_C.INVALID_ARGUMENT, "NOT_FETCHABLE"),
    ingest_errors.FetchFailed: Status(_C.UNAVAILABLE, "FETCH_FAILED"),
    ingest_errors.AssetNotFound: Status(_C.NOT_FOUND, "ASSET_NOT_FOUND"),
    ingest_errors.CatalogUnavailable: Status(_C.UNAVAILABLE, "CATALOG_UNAVAILABLE"),
    ingest_errors.NotRetryable: Status(_C.FAILED_PRECONDITION, "NOT_RETRYABLE"),
    ingest_errors.WrongState: Status(_C.FAILED_PRECONDITION, "WRONG_STATE"),
    ingest_errors.ColorsMissing: Status(_C.FAILED_PRECONDITION, "COLORS_MISSING"),
    ingest_errors.AssetChanged: Status(_C.FAILED_PRECONDITION, "ETAG_MISMATCH"),
}


class StatusInterceptor(grpc.ServerInterceptor):
    """Says every error of a servicer in gRPC's words, for all four kinds of method.

    An error of the table is said with its reason; an error that another service
    answered passes through as it came; any other says nothing to the caller and
    everything to the log.
    """

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Any],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """Wrap the method's behaviour."""
        handler = continuation(handler_call_details)
        if handler is None:
            return None
        return around(handler, _errors_said)


@contextmanager
def _errors_said(context: grpc.ServicerContext) -> Iterator[None]:
    """End the call with the status of what the block raises."""
    try:
        yield
    except Exception as error:
        _abort(error, context)


def _abort(error: Exception, context: grpc.ServicerContext) -> NoReturn:
    """End the call with the error's status. Raises what grpc raises on abort."""
    if context.code() is not None or not context.is_active():  # type: ignore[attr-defined]
        raise error  # aborted already, or nobody is listening any more
    if isinstance(error, TintypeError):
        status = Status(error.code, error.reason)
    elif (listed := find_status(type(error))) is not None:
        status = listed
    else:
        _log.error("call failed", exc_info=error)
        context.abort(_C.INTERNAL, "internal error; the service's log has the details")
    context.abort_with_status(rpc_status.to_status(_status_message(error, status)))


def find_status(error_type: type[Exception]) -> Status | None:
    """Return the status of the nearest listed ancestor; None if there is none."""
    return next((STATUSES[kind] for kind in error_type.__mro__ if kind in STATUSES), None)


def _status_message(error: Exception, status: Status) -> status_pb2.Status:
    """Build the rich status: message, reason, metadata and, where waiting helps, the delay."""
    details = (
        [
            error_details_pb2.ErrorInfo(
                reason=status.reason, domain=DOMAIN, metadata=getattr(error, "metadata", {})
            )
        ]
        if status.reason
        else []
    )
    packed = [AnyMessage() for _ in details]
    for target, detail in zip(packed, details, strict=True):
        target.Pack(detail)
    retry_after_s = getattr(error, "retry_after_s", None)
    if retry_after_s is not None:
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.FromMilliseconds(int(retry_after_s * 1000))
        packed.append(AnyMessage())
        packed[-1].Pack(retry)
    return status_pb2.Status(
        code=code_pb2.Code.Value(status.code.name), message=str(error), details=packed
    )
