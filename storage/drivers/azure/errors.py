"""What Azure and the network say, in the store's own words."""

from collections.abc import Iterator
from contextlib import contextmanager

from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError
from urllib3.exceptions import HTTPError

from storage.drivers.azure.options import AzureOptions
from storage.drivers.conditions import ConditionNotMet
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

# A commit of the same name in the meantime drops the blocks that were waiting for theirs.
_NOT_MET = {"ConditionNotMet", "BlobAlreadyExists", "InvalidBlockList", "TargetConditionNotMet"}
_DENIED = {
    "AuthenticationFailed",
    "AuthorizationFailure",
    "AuthorizationPermissionMismatch",
    "InsufficientAccountPermissions",
    "KeyBasedAuthenticationNotPermitted",
}
NO_CONTAINER = {"ContainerNotFound", "ContainerBeingDeleted"}
_FULL = {"AccountLimitExceeded", "BlobQuotaExceeded", "BlockCountExceedsLimit"}
_READ_ONLY = {"AccountIsDisabled", "BlobImmutableDueToPolicy", "ReadOnlyAccount"}
_BAD_KEY = {"InvalidResourceName", "InvalidUri", "OutOfRangeInput"}


class Refused(Exception):
    """Azure refused a request that did not go through its SDK; the text is the code."""


def code_of(error: HttpResponseError) -> str:
    """Return Azure's own code of an error, else the HTTP status."""
    code = getattr(error, "error_code", None) or error.status_code
    if code is None and isinstance(error, ClientAuthenticationError):
        code = 403  # a key that nothing can be signed with
    return str(getattr(code, "value", code))


@contextmanager
def store_errors(options: AzureOptions, key: str = "") -> Iterator[None]:
    """Raise what the block's requests raise as errors of the store.

    Raises:
        ConditionNotMet: for the caller to explain.
    """
    try:
        yield
    except HttpResponseError as error:
        raise _translated(options, key, code_of(error), error.message) from error
    except Refused as error:
        raise _translated(options, key, str(error), "") from error
    except (AzureError, HTTPError) as error:
        raise StoreUnavailable(
            f"Azure Blob at {options.url} did not answer: {type(error).__name__}: {error}"
        ) from error


def _translated(options: AzureOptions, key: str, code: str, message: str) -> Exception:
    """Return the error for what Azure said about a request for `key`."""
    where = f"container {options.container!r} at {options.url}"
    if code in _NOT_MET or code == "412":
        return ConditionNotMet(key)
    return _said(options, key, code, where) or StoreUnavailable(
        f"the {where} answered {code}: {message.splitlines()[0] if message else ''}"
    )


def _said(options: AzureOptions, key: str, code: str, where: str) -> StoreError | None:
    """Return the store's error for a code of Azure's; None for one that nobody has to know."""
    if code in {"BlobNotFound", "404"} and key:
        return ObjectNotFound(key)
    if code in _BAD_KEY and key:
        return InvalidKey(f"the {where} cannot hold the key {key[:80]!r} ({code})", key=key)
    denied = (
        f"refuses the key of the account {options.account!r}: check AZURE_STORAGE_ACCOUNT, "
        "AZURE_STORAGE_KEY and this machine's clock"
    )
    missing = "is not there: create it, or name another in AZURE_STORAGE_CONTAINER"
    texts: list[tuple[set[str], type[StoreError], str]] = [
        (NO_CONTAINER, BucketMissing, missing),
        (_DENIED | {"401", "403"}, AccessDenied, denied),
        (_FULL, StoreFull, "has no room"),
        (_READ_ONLY, StoreReadOnly, "takes no writes"),
    ]
    return next(
        (kind(f"the {where} {text} ({code})") for codes, kind, text in texts if code in codes),
        None,
    )
