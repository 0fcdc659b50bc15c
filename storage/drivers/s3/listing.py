"""Listing, without what is hidden."""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import unquote_plus

from minio.xml import findall

from storage.drivers.s3.connection import S3Connection
from storage.drivers.s3.errors import store_errors
from storage.drivers.s3.layout import HIDDEN
from storage.drivers.s3.refusal import find_text, parse_xml
from storage.store import MAX_LIST_LIMIT, ObjectInfo, Page

# After everything hidden, whose names are ASCII, and before every key that follows.
_PAST_HIDDEN = HIDDEN + "~"


def list_visible(s3: S3Connection, prefix: str, delimiter: str, token: str, limit: int) -> Page:
    """Return one page of the objects of callers; see `ObjectStore.list`."""
    objects: list[ObjectInfo] = []
    prefixes: list[str] = []
    start_after = ""
    while True:
        room = limit - len(objects) - len(prefixes)
        page = _request_page(
            s3,
            prefix,
            room,
            delimiter=delimiter,
            continuation_token=token,
            start_after=start_after,
        )
        seen = [info for info in page.objects if not info.key.startswith(HIDDEN)]
        folded = [name for name in page.common_prefixes if not name.startswith(HIDDEN)]
        objects += seen
        prefixes += folded
        token = page.next_token
        if len(seen) == len(page.objects) and len(folded) == len(page.common_prefixes):
            return Page(objects, prefixes, token)
        last = max([info.key for info in page.objects] + page.common_prefixes)
        if not token:
            return Page(objects, prefixes)
        if last.startswith(HIDDEN):
            token, start_after = "", _PAST_HIDDEN


def list_hidden(s3: S3Connection, prefix: str, start_after: str = "") -> Iterator[ObjectInfo]:
    """Yield what is hidden under a prefix, which starts with `HIDDEN`, in byte order."""
    token = ""
    while True:
        page = _request_page(
            s3, prefix, MAX_LIST_LIMIT, continuation_token=token, start_after=start_after
        )
        yield from page.objects
        token, start_after = page.next_token, ""
        if not token:
            return


def page_hidden(s3: S3Connection, prefix: str, token: str, limit: int) -> Page:
    """Return one page of what is hidden under a prefix, which starts with `HIDDEN`."""
    return _request_page(s3, prefix, limit, continuation_token=token)


def _request_page(
    s3: S3Connection, prefix: str, limit: int, *, delimiter: str = "", **position: str
) -> Page:
    """Ask for one page as S3 has it; `position` is its parameter that says from where."""
    query = {
        "list-type": "2",
        "encoding-type": "url",
        "max-keys": str(limit),
        "prefix": prefix,
        "delimiter": delimiter,
        **{name.replace("_", "-"): value for name, value in position.items()},
    }
    with store_errors(s3):
        answer = s3.request("GET", query={name: value for name, value in query.items() if value})
    root = parse_xml(answer.body)
    return Page(
        [
            ObjectInfo(
                key=unquote_plus(find_text(element, "Key")),
                size_bytes=int(find_text(element, "Size")),
                etag=find_text(element, "ETag").strip('"'),
                modify_time=datetime.fromisoformat(find_text(element, "LastModified")),
                content_type="",  # S3 does not list it
            )
            for element in findall(root, "Contents")
        ],
        [unquote_plus(find_text(element, "Prefix")) for element in findall(root, "CommonPrefixes")],
        find_text(root, "NextContinuationToken"),
    )
