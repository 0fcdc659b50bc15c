"""Listing, without what is hidden."""

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from azure.storage.blob import BlobPrefix, BlobProperties

from storage.drivers.azure.connection import AzureConnection
from storage.drivers.azure.errors import store_errors
from storage.drivers.azure.layout import HIDDEN
from storage.store import ObjectInfo, Page


def list_visible(
    azure: AzureConnection, prefix: str, delimiter: str, token: str, limit: int
) -> Page:
    """Return one page of the objects of callers; see `ObjectStore.list`."""
    objects: list[ObjectInfo] = []
    prefixes: list[str] = []
    while True:
        room = limit - len(objects) - len(prefixes)
        entries, token = _request_page(azure, prefix, delimiter, token, room)
        for entry in entries:
            # What is hidden, and nothing else, begins with a slash: folded, it is one.
            if entry.name.startswith("/"):
                continue
            if isinstance(entry, BlobPrefix):
                prefixes.append(entry.name)
            else:
                objects.append(_listed(entry))
        if not token or len(objects) + len(prefixes) == limit:
            return Page(objects, prefixes, token)


def list_hidden(azure: AzureConnection, prefix: str) -> Iterator[ObjectInfo]:
    """Yield everything hidden under a prefix, which starts with `HIDDEN`."""
    assert prefix.startswith(HIDDEN)  # noqa: S101
    with store_errors(azure.options):
        for entry in azure.container.list_blobs(name_starts_with=prefix):
            yield _listed(entry)


def page_hidden(azure: AzureConnection, prefix: str, token: str, limit: int) -> Page:
    """Return one page of what is hidden under a prefix, which starts with `HIDDEN`."""
    entries, next_token = _request_page(azure, prefix, "", token, limit)
    objects = [_listed(entry) for entry in entries if isinstance(entry, BlobProperties)]
    return Page(objects, [], next_token)


def _request_page(
    azure: AzureConnection, prefix: str, delimiter: str, token: str, limit: int
) -> tuple[list[BlobProperties | BlobPrefix], str]:
    """Ask for one page as Azure has it."""

    def ask() -> tuple[list[BlobProperties | BlobPrefix], str]:
        options: dict[str, Any] = {"name_starts_with": prefix, "results_per_page": limit}
        entries = (
            azure.container.walk_blobs(delimiter=delimiter, **options)
            if delimiter
            else azure.container.list_blobs(**options)
        )
        # The SDK's own type for pages does not tell of their token.
        pages: Any = entries.by_page(continuation_token=token or None)
        page = list(next(pages, []))
        return page, pages.continuation_token or ""

    with store_errors(azure.options):
        return azure.call(ask)


def _listed(entry: BlobProperties) -> ObjectInfo:
    return ObjectInfo(
        key=entry.name,
        size_bytes=entry.size,
        etag=entry.etag.strip('"'),
        modify_time=entry.last_modified.astimezone(UTC),
        content_type=entry.content_settings.content_type or "",
    )
