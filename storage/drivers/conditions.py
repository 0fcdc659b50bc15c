"""Conditional writes: what it means when the backend says that one does not hold."""

from collections.abc import Callable
from typing import Protocol

from storage.errors import EtagMismatch, ObjectExists, ObjectNotFound, StoreUnavailable
from storage.store import PutInfo


class ConditionNotMet(Exception):
    """A condition of the request does not hold; only who sent it knows which it was."""


class WhatIsThere(Protocol):
    """An object, as far as it matters whose it is."""

    @property
    def put_id(self) -> str:
        """Which put stored it; empty if somebody else did."""

    @property
    def etag(self) -> str:
        """As in `ObjectInfo`."""


def settled_etag(look: Callable[[], WhatIsThere], key: str, put_id: str, info: PutInfo) -> str:
    """Find out whose object is at the key after a write was refused.

    A request that was sent again because its answer was lost meets its own object.

    Returns:
        The etag, if the object is the one that `put_id` names.

    Raises:
        ObjectExists, EtagMismatch, ObjectNotFound: it is another one, or there is none.
        StoreUnavailable: there was no condition; the parts were removed by somebody.
    """
    try:
        there = look()
    except ObjectNotFound:
        if info.if_etag:
            raise
    else:
        if there.put_id == put_id:
            return there.etag
        if info.if_etag:
            raise EtagMismatch(key, info.if_etag, there.etag)
    if info.create_only:
        raise ObjectExists(key)
    raise StoreUnavailable(f"the parts of {key!r} were removed while they were being sent")
