"""Every error a Tintype service answers with, as an exception of the client.

One class per gRPC status; `reason` is the stable word that tells errors of one
status apart (google.rpc.ErrorInfo), listed at the top of each proto.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar, Protocol

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status


class TintypeError(Exception):
    """A service refused or failed a call.

    Attributes:
        reason: stable word such as "OBJECT_NOT_FOUND"; empty when the answer came
            from the network or gRPC itself.
        retry_after_s: seconds after which trying again may help; None: it does not help,
            or the service did not say.
        metadata: what the error is about, such as the key.
    """

    code: ClassVar[grpc.StatusCode] = grpc.StatusCode.UNKNOWN

    def __init__(
        self,
        message: str,
        reason: str = "",
        retry_after_s: float | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.retry_after_s = retry_after_s
        self.metadata = dict(metadata or {})


class InvalidArgument(TintypeError):
    """The request itself is wrong; sending it again cannot help."""

    code = grpc.StatusCode.INVALID_ARGUMENT


class NotFound(TintypeError):
    """What was asked for is not there."""

    code = grpc.StatusCode.NOT_FOUND


class AlreadyExists(TintypeError):
    """Something is there already and must not be replaced."""

    code = grpc.StatusCode.ALREADY_EXISTS


class FailedPrecondition(TintypeError):
    """The state of the system does not allow the call."""

    code = grpc.StatusCode.FAILED_PRECONDITION


class OutOfRange(TintypeError):
    """An offset lies at or beyond the end."""

    code = grpc.StatusCode.OUT_OF_RANGE


class DataLoss(TintypeError):
    """Bytes arrived damaged or incomplete, or are damaged in the store."""

    code = grpc.StatusCode.DATA_LOSS


class Aborted(TintypeError):
    """Another call was faster, or the work was ended from outside."""

    code = grpc.StatusCode.ABORTED


class ResourceExhausted(TintypeError):
    """A queue, a quota or a disk is full."""

    code = grpc.StatusCode.RESOURCE_EXHAUSTED


class Unavailable(TintypeError):
    """The service, or what it depends on, did not answer."""

    code = grpc.StatusCode.UNAVAILABLE


class DeadlineExceeded(TintypeError):
    """The call took longer than the caller allowed."""

    code = grpc.StatusCode.DEADLINE_EXCEEDED


class Cancelled(TintypeError):
    """The call was cancelled."""

    code = grpc.StatusCode.CANCELLED


class Unimplemented(TintypeError):
    """This version of the service does not have the method."""

    code = grpc.StatusCode.UNIMPLEMENTED


class PermissionDenied(TintypeError):
    """The caller is known but may not do this."""

    code = grpc.StatusCode.PERMISSION_DENIED


class Unauthenticated(TintypeError):
    """The caller did not say who it is, or not credibly."""

    code = grpc.StatusCode.UNAUTHENTICATED


class Internal(TintypeError):
    """A defect of the service; its log has the details."""

    code = grpc.StatusCode.INTERNAL


_BY_CODE = {error.code: error for error in TintypeError.__subclasses__()}


def from_rpc_error(error: grpc.RpcError) -> TintypeError:
    """Turn what grpc raised into the exception of its status, details included."""
    reason, retry_after_s, metadata = "", None, {}
    status = rpc_status.from_call(error)
    for detail in status.details if status else ():
        if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
            info = error_details_pb2.ErrorInfo()
            detail.Unpack(info)
            reason, metadata = info.reason, dict(info.metadata)
        elif detail.Is(error_details_pb2.RetryInfo.DESCRIPTOR):
            retry = error_details_pb2.RetryInfo()
            detail.Unpack(retry)
            retry_after_s = retry.retry_delay.ToTimedelta().total_seconds()
    kind = _BY_CODE.get(error.code(), TintypeError)
    return kind(error.details() or str(error.code()), reason, retry_after_s, metadata)


class _Sending(Protocol):
    """A request stream that remembers what went wrong on the caller's own side."""

    failure: BaseException | None


@contextmanager
def client_errors(sending: _Sending | None = None) -> Iterator[None]:
    """Raise every `grpc.RpcError` of the block as a `TintypeError`.

    Args:
        sending: the call's request stream. If it failed, that failure is raised instead:
            grpc would say no more than "Exception iterating requests!".
    """
    try:
        yield
    except grpc.RpcError as error:
        if sending is not None and sending.failure is not None:
            raise sending.failure from None
        raise from_rpc_error(error) from error
