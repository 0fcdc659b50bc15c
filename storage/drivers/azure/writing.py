"""Putting a stream: in one request if it fits into one block, else as staged blocks."""

import hashlib
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from azure.core import MatchConditions
from azure.storage.blob import BlobBlock

from storage.drivers.azure.connection import AzureConnection
from storage.drivers.azure.errors import store_errors
from storage.drivers.azure.layout import content_settings, delete_record, find, store_record
from storage.drivers.conditions import ConditionNotMet, settled_etag
from storage.drivers.parts import MIB, Part, cut
from storage.drivers.record import Record, Tally, check_sha256, make_record, tallied
from storage.errors import StoreError
from storage.store import Chunk, ObjectInfo, PutInfo

# Azure takes 50,000 blocks of at most 4,000 MiB.
SCHEDULE = ((10_000, 8 * MIB), (20_000, 64 * MIB), (20_000, 256 * MIB))


def put_stream(
    azure: AzureConnection,
    key: str,
    chunks: Iterable[Chunk],
    info: PutInfo,
    *,
    put_id: str,
    modify_s: float | None = None,
) -> ObjectInfo:
    """Store the chunks as one object; see `ObjectStore.put`.

    Nothing has to be removed when it fails: Azure drops blocks that wait for a week.
    `modify_s` is Unix time; None: now.
    """
    tally = Tally()
    parts = cut(tallied(chunks, tally), SCHEDULE)
    first = next(parts)
    if first.is_last:
        sha256 = info.sha256()
        if sha256:
            check_sha256(sha256, hashlib.sha256(first.content).digest())
        record = make_record(tally, info, sha256, modify_s or time.time())
        return put_whole(azure, key, first, record, info, put_id=put_id)
    block_ids, digest = _stage_all(azure, key, put_id, first, parts)
    sha256 = info.sha256()
    check_sha256(sha256, digest)
    record = make_record(tally, info, sha256, modify_s or time.time())
    return commit(azure, key, block_ids, record, info, put_id=put_id)


def put_whole(
    azure: AzureConnection, key: str, part: Part, record: Record, info: PutInfo, *, put_id: str
) -> ObjectInfo:
    """Store an object of a single part in one request."""

    def write(options: Mapping[str, Any]) -> Mapping[str, Any]:
        return azure.blob(key).upload_blob(
            bytes(part.content), length=len(part.content), overwrite=True, **options
        )

    return _make_visible(azure, key, write, record, info, put_id=put_id)


def commit(
    azure: AzureConnection,
    key: str,
    block_ids: list[str],
    record: Record,
    info: PutInfo,
    *,
    put_id: str,
) -> ObjectInfo:
    """Make one object of blocks that wait at its key."""
    blocks = [BlobBlock(block_id) for block_id in block_ids]

    def write(options: Mapping[str, Any]) -> Mapping[str, Any]:
        return azure.blob(key).commit_block_list(blocks, **options)

    return _make_visible(azure, key, write, record, info, put_id=put_id)


def stage(azure: AzureConnection, key: str, part: Part, block_id: str) -> None:
    """Send one block, which Azure compares with its MD5."""
    with store_errors(azure.options, key):
        azure.call(
            lambda: azure.blob(key).stage_block(
                block_id, bytes(part.content), length=len(part.content), validate_content=True
            )
        )


def block_name(put_id: str, number: int) -> str:
    """Return a block's id. All that ever wait at one key must be of one length."""
    return b64encode(f"{put_id}-{number:06d}".encode()).decode()


def _stage_all(
    azure: AzureConnection, key: str, put_id: str, first: Part, parts: Iterator[Part]
) -> tuple[list[str], bytes]:
    """Send each block while the next one is filled; returns their ids and the digest."""
    digest = hashlib.sha256()
    block_ids: list[str] = []

    def send(part: Part) -> None:
        digest.update(part.content)
        block_ids.append(block_name(put_id, len(block_ids)))
        stage(azure, key, part, block_ids[-1])

    with ThreadPoolExecutor(1, "azure-block") as sender:
        sending = sender.submit(send, first)
        for part in parts:
            sending.result()
            sending = sender.submit(send, part)
        sending.result()
    return block_ids, digest.digest()


def _make_visible(
    azure: AzureConnection,
    key: str,
    write: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    record: Record,
    info: PutInfo,
    *,
    put_id: str,
) -> ObjectInfo:
    """Send the one request that makes an object visible, if its conditions hold."""
    metadata = store_record(azure, key, put_id, record)
    options = {
        "metadata": metadata,
        "content_settings": content_settings(info),
        **_conditions(info),
    }
    try:
        with store_errors(azure.options, key):
            etag = str(azure.call(lambda: write(options))["etag"]).strip('"')
    except ConditionNotMet:
        try:
            etag = settled_etag(lambda: find(azure, key), key, put_id, info)
        except StoreError:
            delete_record(azure, put_id)
            raise
    return record.info(key, etag)


def _conditions(info: PutInfo) -> dict[str, Any]:
    """Return the SDK's arguments that make a write conditional."""
    if info.create_only:
        return {"match_condition": MatchConditions.IfMissing}
    if info.if_etag:
        return {
            "etag": f'"{info.if_etag}"',
            "match_condition": MatchConditions.IfNotModified,
        }
    return {}
