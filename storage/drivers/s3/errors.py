"""What S3 and the network say, in the store's own words."""

from collections.abc import Iterator
from contextlib import contextmanager

from minio.error import S3Error
from urllib3.exceptions import HTTPError

from storage.drivers.conditions import ConditionNotMet
from storage.drivers.s3.connection import S3Connection
from storage.errors import (
    AccessDenied,
    BucketMissing,
    InvalidKey,
    ObjectNotFound,
    StoreError,
    StoreFull,
    StoreReadOnly,
    StoreUnavailable,
)

_DENIED = {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "401", "403"}
_FULL = {"XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "QuotaExceeded", "507"}
_READ_ONLY = {"XMinioReadOnly", "MethodNotAllowed", "AllAccessDisabled"}
_BAD_KEY = {"XMinioInvalidObjectName", "KeyTooLongError", "InvalidObjectName"}
_MISSING = {"NoSuchKey", "404"}
_NO_BUCKET = {"NoSuchBucket", "404"}
_NOT_MET = {"PreconditionFailed", "412"}
_NOTHING_THERE = {"InvalidRange", "416"}


class NothingInRange(Exception):
    """The object that is there now ends before the range begins."""


class NoSuchUpload(Exception):
    """The multipart upload was completed, or aborted."""


@contextmanager
def store_errors(s3: S3Connection, key: str = "") -> Iterator[None]:
    """Raise what the block's requests raise as errors of the store.

    Raises:
        ConditionNotMet, NothingInRange, NoSuchUpload: for the caller to explain.
    """
    try:
        yield
    except S3Error as error:
        raise _translated(s3, key, error) from error
    except HTTPError as error:
        raise StoreUnavailable(
            f"the S3 server at {s3.options.endpoint} did not answer: {_short(error)}"
        ) from error


def check_bucket(s3: S3Connection) -> None:
    """Ask whether the bucket is there and would take our requests; create it if allowed.

    Raises:
        StoreError: what is wrong.
    """
    with store_errors(s3):
        s3.request("HEAD")


def _translated(s3: S3Connection, key: str, error: S3Error) -> Exception:
    """Return the error for what the server said about a request for `key`."""
    code, where = error.code or "", f"bucket {s3.options.bucket!r} at {s3.options.endpoint}"
    if code in _NOT_MET:
        return ConditionNotMet(key)
    if code in _NOTHING_THERE:
        return NothingInRange(key)
    if code in {"NoSuchUpload", "InvalidPart"}:
        return NoSuchUpload(key)
    return _said(s3, key, code, where) or StoreUnavailable(
        f"the {where} answered {code}: {error.message}"
    )


def _said(s3: S3Connection, key: str, code: str, where: str) -> StoreError | None:
    """Return the store's error for a code of S3's; None for one that nobody has to know."""
    if code in _MISSING and key:
        return ObjectNotFound(key)
    if code in _BAD_KEY:
        return InvalidKey(f"the {where} cannot hold the key {key[:80]!r} ({code})", key=key)
    texts: list[tuple[set[str], type[StoreError], str]] = [
        (_NO_BUCKET, BucketMissing, "is not there: create it, or name another in S3_BUCKET"),
        (_FULL, StoreFull, "has no room"),
        (_READ_ONLY, StoreReadOnly, "takes no writes"),
        (_DENIED, AccessDenied, _denied(s3.options.access_key)),
        ({"RequestTimeTooSkewed"}, StoreUnavailable, _skewed(s3.clock.skew_s)),
    ]
    return next(
        (kind(f"the {where} {text} ({code})") for codes, kind, text in texts if code in codes),
        None,
    )


def _denied(access_key: str) -> str:
    return (
        f"refuses the access key {access_key!r}: check S3_ACCESS_KEY, S3_SECRET_KEY and "
        "what the key may do"
    )


def _skewed(skew_s: float) -> str:
    return (
        f"refuses the time of our signature. Its clock is {skew_s:+.0f} s from this machine's, "
        "which was allowed for: the request was held up on its way, or the server is overloaded"
    )


def _short(error: Exception) -> str:
    """Return an error's kind and plainest words; urllib3 nests them."""
    return f"{type(error).__name__}: {error.__context__ or error}"
