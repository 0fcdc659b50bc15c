"""What a request to the ingest service may say, checked before anything is done."""

import re
from collections.abc import Mapping

from services.rpc.errors import InvalidRequest
from tintype.ingest.v1 import asset_pb2, ingest_pb2

_OWNER = re.compile(r"[A-Za-z0-9._@:-]{1,128}")
_COLOR = re.compile(r"#[0-9a-f]{6}")
MAX_EXTERNAL_ID_CHARACTERS = 255
MAX_URL_CHARACTERS = 2048
_MAX_TAGS = 100
_MAX_PROPOSED_COLORS = 16

# Largest number of characters of every field of AssetDetails that is one text.
DETAIL_CHARACTERS: Mapping[str, int] = {
    "title": 500,
    "description": 10_000,
    "category": 200,
    "group": 200,
    "project": 200,
    "style": 200,
    "shot": 200,
}
_MAX_TAG_CHARACTERS = 100
ALL_DETAILS = frozenset({*DETAIL_CHARACTERS, "tags", "proposed_colors"})


def owner_or(owner: str, default: str) -> str:
    """Return the owner a request acts for.

    Raises:
        InvalidRequest: it is no owner's name.
    """
    if owner and not _OWNER.fullmatch(owner):
        raise InvalidRequest(
            f"owner {owner!r} must be 1 to 128 characters of letters, digits and . _ - @ :"
        )
    return owner or default


def check_options(options: ingest_pb2.IngestOptions) -> None:
    """Check all of an ingest's options but its owner.

    Raises:
        InvalidRequest: one is out of its range; the text names it.
    """
    _check_text("external_id", options.external_id, MAX_EXTERNAL_ID_CHARACTERS)
    _check_text("source_url", options.source_url, MAX_URL_CHARACTERS)
    if options.source not in asset_pb2.AssetSource.values():
        raise InvalidRequest(f"source {options.source} is none that this version knows")
    check_details(options.details)


def check_details(details: asset_pb2.AssetDetails) -> None:
    """Check what is said about an asset.

    Raises:
        InvalidRequest: a field is too long, or a colour is none.
    """
    for name, limit in DETAIL_CHARACTERS.items():
        _check_text(name, getattr(details, name), limit)
    if len(details.tags) > _MAX_TAGS:
        raise InvalidRequest(f"at most {_MAX_TAGS} tags, not {len(details.tags)}")
    for tag in details.tags:
        _check_text("tag", tag, _MAX_TAG_CHARACTERS)
    if len(details.proposed_colors) > _MAX_PROPOSED_COLORS:
        raise InvalidRequest(
            f"at most {_MAX_PROPOSED_COLORS} proposed_colors, not {len(details.proposed_colors)}"
        )
    for color in details.proposed_colors:
        if not _COLOR.fullmatch(color):
            raise InvalidRequest(f'proposed color {color!r} must be as "#rrggbb", in lower case')


def _check_text(name: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise InvalidRequest(f"{name} has {len(text)} characters; at most {limit} are allowed")
    if "\x00" in text:
        # Postgres cannot keep it, and nobody means it.
        raise InvalidRequest(f"{name} contains a NUL character")
