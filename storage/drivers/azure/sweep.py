"""Finding records without an object, which a killed process left behind."""

import random
from datetime import UTC, datetime, timedelta

from storage.drivers.azure.connection import AzureConnection
from storage.drivers.azure.errors import store_errors
from storage.drivers.azure.layout import RECORDS, delete_record, find, record_key
from storage.errors import DataCorrupted, ObjectNotFound

_RECORDS_A_SWEEP = 1000


def sweep_records(azure: AzureConnection, older_than: timedelta) -> int:
    """Remove records without an object, older than that, and return how many.

    Looks at so many of them, at random, that no sweep takes for ever. What this process
    is at is spared by name, what others are at by its age: no put may take as long as
    `older_than`.
    """
    before = datetime.now(UTC) - older_than
    with store_errors(azure.options):
        listing = azure.container.list_blobs(name_starts_with=RECORDS, include=["metadata"])
        records = azure.call(lambda: list(listing))
    old = [blob for blob in records if blob.last_modified <= before]
    removed = 0
    for blob in random.sample(old, min(len(old), _RECORDS_A_SWEEP)):
        put_id = blob.name.removeprefix(RECORDS)
        if put_id in azure.busy or _is_needed(azure, put_id, record_key(blob)):
            continue
        delete_record(azure, put_id)
        removed += 1
    return removed


def _is_needed(azure: AzureConnection, put_id: str, key: str) -> bool:
    """Tell whether the object that is at the key is the one that the record belongs to."""
    try:
        return find(azure, key).put_id == put_id
    except ObjectNotFound:
        return False
    except DataCorrupted:
        return True  # not for a sweep to judge
