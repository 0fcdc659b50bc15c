"""Opening an object or a range of it."""

import random
import time

from storage.drivers.answer import Answer
from storage.drivers.azure.connection import AzureConnection
from storage.drivers.azure.errors import store_errors
from storage.drivers.azure.layout import Found, find
from storage.drivers.conditions import ConditionNotMet
from storage.drivers.reader import CheckedReader, NoBytes, first_block, last_block_end
from storage.drivers.source import AnswerSource, Replaced
from storage.errors import ObjectNotFound, StoreUnavailable
from storage.ranges import resolve

_LOOKS = 12
# By chance, so as not to keep step with a writer: the n-th look waits n times so long at most.
_PAUSE_S = 0.01


def open_object(
    azure: AzureConnection,
    key: str,
    offset: int,
    length_bytes: int | None,
    *,
    if_etag: str = "",
    block_crcs: bytes | None = None,
) -> CheckedReader:
    """Open a range; see `ObjectStore.get`.

    Args:
        azure: the container.
        key: the object.
        offset: as in `ObjectStore.get`.
        length_bytes: as in `ObjectStore.get`.
        if_etag: the object must have it; empty for no condition.
        block_crcs: what to check with if the object has no record of its own.

    Raises:
        ConditionNotMet: the object does not have `if_etag`.
        StoreUnavailable: somebody replaces it all the time.
    """
    for look in range(_LOOKS):
        time.sleep(look * random.uniform(0, _PAUSE_S))  # noqa: S311  # no secret
        found = find(azure, key)
        if if_etag not in {"", found.etag}:
            raise ConditionNotMet(key)
        try:
            return _open_found(azure, found, offset, length_bytes, block_crcs)
        except (Replaced, ObjectNotFound):
            continue  # replaced or removed between looking and reading: look again
    raise StoreUnavailable(f"{key!r} is replaced faster than it can be opened")


def _open_found(
    azure: AzureConnection,
    found: Found,
    offset: int,
    length_bytes: int | None,
    block_crcs: bytes | None,
) -> CheckedReader:
    """Open a range of the very object that was found."""
    start, length = resolve(found.size_bytes, offset, length_bytes)
    block_crcs = found.record.block_crcs if found.record else block_crcs
    if not length:
        return CheckedReader(found.info(), start, length, block_crcs=block_crcs, source=NoBytes())
    first, end = first_block(start), last_block_end(start + length, found.size_bytes)

    def reopen(position: int) -> Answer:
        try:
            with store_errors(azure.options, found.key):
                return azure.open(found.key, position, end, found.etag)
        except ConditionNotMet as error:
            raise Replaced(found.key) from error

    source = AnswerSource(
        reopen(first),
        first,
        reopen=reopen,
        errors=lambda: store_errors(azure.options, found.key),
        timeout_s=azure.options.timeout_s,
    )
    return CheckedReader(found.info(), start, length, block_crcs=block_crcs, source=source)
