"""Why a job failed, and what would cure it."""

from collections.abc import Callable
from enum import Enum
from typing import TypeVar

import grpc
import stamina
import structlog
from sqlalchemy.exc import DBAPIError

from services.ingest.errors import CatalogUnavailable
from services.rpc.status import Status, find_status
from tintype.errors import TintypeError

Result = TypeVar("Result")
_log = structlog.get_logger(__name__)

# Within a run: enough for a service that is started again.
_ATTEMPTS = 6
_PATIENCE_S = 45.0
_LONGEST_WAIT_S = 8.0
_INSISTENCE_S = 180.0
_CODE = grpc.StatusCode
_WAITING_CURES = {
    _CODE.UNAVAILABLE,
    _CODE.RESOURCE_EXHAUSTED,
    _CODE.DEADLINE_EXCEEDED,
    _CODE.DATA_LOSS,
    _CODE.CANCELLED,
    _CODE.INTERNAL,
    _CODE.UNKNOWN,
}
_CAUSE_IN_THE_BYTES = {_CODE.INVALID_ARGUMENT, _CODE.OUT_OF_RANGE}
# The bytes that lie in the store are damaged, and will be the next time.
DAMAGED_FOR_GOOD = "DATA_CORRUPTED"


class Cure(Enum):
    """What may help."""

    WAIT = "wait"
    # It ended the process that decoded it, or took all its time: perhaps it was not to blame.
    FEW_TRIES = "few tries"
    # Nothing that happens by itself.
    PERSON = "person"
    # The cause is in what was given to us.
    NONE = "none"


class JobFailed(Exception):
    """A step of a job failed, said in words that outlive the process.

    Attributes:
        reason: stable word, as on the wire.
        message: for a person.
        cure: what may help.
        retry_after_s: seconds that somebody asked to wait; None: nobody did.
    """

    def __init__(
        self, reason: str, message: str, cure: Cure, retry_after_s: float | None = None
    ) -> None:
        # All of it are the exception's arguments, so that it can be pickled.
        super().__init__(reason, message, cure, retry_after_s)
        self.reason = reason
        self.message = message
        self.cure = cure
        self.retry_after_s = retry_after_s

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.reason}: {self.message}"


def explain(error: Exception) -> JobFailed:
    """Say any error of a step as a `JobFailed`."""
    if isinstance(error, JobFailed):
        return error
    if isinstance(error, DBAPIError):
        return JobFailed("CATALOG_UNAVAILABLE", "the catalog did not answer", Cure.WAIT)
    if isinstance(error, TintypeError):
        status = Status(error.code, error.reason or error.code.name)
    elif (listed := find_status(type(error))) is not None:
        status = listed
    else:
        _log.error("job failed", exc_info=error)
        message = "internal error; the ingest service's log has the details"
        return JobFailed("INTERNAL", message, Cure.WAIT)
    retry_after_s = getattr(error, "retry_after_s", None)
    return JobFailed(status.reason, str(error), _cure(status), retry_after_s)


def patiently(call: Callable[[], Result]) -> Result:
    """Call until it succeeds, for less than a minute, as long as waiting may help.

    Raises:
        JobFailed: why it did not succeed.
    """
    try:
        for attempt in stamina.retry_context(
            on=_wait, attempts=_ATTEMPTS, timeout=_PATIENCE_S, wait_max=_LONGEST_WAIT_S
        ):
            with attempt:
                return call()
    except Exception as error:
        raise explain(error) from error
    raise AssertionError("stamina tries at least once")


def insistently(call: Callable[[], Result]) -> Result:
    """Call until it succeeds, for minutes, if it is only the catalog that is away.

    For what no job can do without. A run that fails even so is found by the watchdog.
    """
    for attempt in stamina.retry_context(
        on=(DBAPIError, CatalogUnavailable),
        attempts=None,
        timeout=_INSISTENCE_S,
        wait_max=_LONGEST_WAIT_S,
    ):
        with attempt:
            return call()
    raise AssertionError("stamina tries at least once")


def _wait(error: Exception) -> bool | float:
    """Tell stamina whether to wait, and how long if somebody said so."""
    failure = explain(error)
    if failure.cure is not Cure.WAIT:
        return False
    if failure.retry_after_s is None:
        return True
    # A long wait is not spent here: the job is put off and its place is free for others.
    return failure.retry_after_s if failure.retry_after_s <= _LONGEST_WAIT_S else False


def _cure(status: Status) -> Cure:
    if status.code is _CODE.ABORTED:
        return Cure.FEW_TRIES
    if status.code in _CAUSE_IN_THE_BYTES or status.reason == DAMAGED_FOR_GOOD:
        return Cure.NONE
    return Cure.WAIT if status.code in _WAITING_CURES else Cure.PERSON
