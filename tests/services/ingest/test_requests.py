"""Wrong options are refused before anything is done, by their name."""

import pytest

from services.ingest.requests import check_options, owner_or
from services.rpc.errors import InvalidRequest
from tintype.ingest.v1 import asset_pb2, ingest_pb2


def test_nothing_said_is_fine() -> None:
    check_options(ingest_pb2.IngestOptions())
    assert owner_or("", "local") == "local"
    assert owner_or("ann@example.com", "local") == "ann@example.com"


@pytest.mark.parametrize("owner", ["a/b", "a b", "x" * 129, "ann\n", "../ann", "ä"])
def test_an_owner_that_is_no_name_is_refused(owner: str) -> None:
    with pytest.raises(InvalidRequest, match="owner"):
        owner_or(owner, "local")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (ingest_pb2.IngestOptions(external_id="x" * 256), "external_id has 256 characters"),
        (ingest_pb2.IngestOptions(external_id="a\x00b"), "external_id contains a NUL"),
        (ingest_pb2.IngestOptions(source_url="h" * 2049), "source_url"),
        (
            ingest_pb2.IngestOptions(details=asset_pb2.AssetDetails(title="x" * 501)),
            "title has 501 characters; at most 500",
        ),
        (
            ingest_pb2.IngestOptions(details=asset_pb2.AssetDetails(tags=["t"] * 101)),
            "at most 100 tags, not 101",
        ),
        (
            ingest_pb2.IngestOptions(details=asset_pb2.AssetDetails(proposed_colors=["red"])),
            "'red' must be as",
        ),
    ],
)
def test_options_out_of_range_are_refused_by_name(
    options: ingest_pb2.IngestOptions, named: str
) -> None:
    with pytest.raises(InvalidRequest, match=named):
        check_options(options)
