import json
from collections.abc import Callable

import pytest

from tests.cli.harness import COLORS, CatalogInMemory, Ended
from tintype.ingest.v1 import asset_pb2, ingest_pb2

Tintype = Callable[..., Ended]


@pytest.fixture
def five_assets(catalog: CatalogInMemory) -> list[asset_pb2.Asset]:
    """Five assets, the last one tagged, the third one titled."""
    made = [
        catalog.add(ingest_pb2.IngestOptions(file_name=f"{number}.jpg"), b"x" * number)
        for number in range(5)
    ]
    made[2].details.title = "Third"
    made[4].details.tags.append("sea")
    return made


def test_list_turns_all_pages_newest_first(
    tintype: Tintype, catalog: CatalogInMemory, five_assets: list[asset_pb2.Asset]
) -> None:
    ended = tintype("assets", "list", "--ingest", catalog.address)
    assert ended.exit_code == 0
    assert ended.lines[0].split() == [
        "ID",
        "STATE",
        "CREATED",
        "(UTC)",
        "SIZE",
        "BYTES",
        "COLOURS",
        "NAME",
    ]
    assert [line.split()[0] for line in ended.lines[1:]] == [a.id for a in reversed(five_assets)]
    assert ended.lines[3].rstrip().endswith("Third")
    assert all(name in ended.lines[1] for name in COLORS)


def test_list_says_when_there_is_more(
    tintype: Tintype, catalog: CatalogInMemory, five_assets: list[asset_pb2.Asset]
) -> None:
    del five_assets
    ended = tintype("assets", "list", "--ingest", catalog.address, "--limit", "3")
    assert len(ended.lines) == 4
    assert "--limit 0 shows all" in ended.err
    assert len(tintype("assets", "list", "--ingest", catalog.address, "--limit", "0").lines) == 6


def test_list_filters_by_state_and_tag(
    tintype: Tintype, catalog: CatalogInMemory, five_assets: list[asset_pb2.Asset]
) -> None:
    five_assets[1].state = asset_pb2.ASSET_STATE_FAILED
    ended = tintype("assets", "list", "--ingest", catalog.address, "--state", "failed", "--json")
    assert [json.loads(line)["id"] for line in ended.lines] == [five_assets[1].id]
    ended = tintype("assets", "list", "--ingest", catalog.address, "--tag", "sea", "--json")
    assert [json.loads(line)["id"] for line in ended.lines] == [five_assets[4].id]


def test_an_empty_list_is_no_error(tintype: Tintype, catalog: CatalogInMemory) -> None:
    ended = tintype("assets", "list", "--ingest", catalog.address)
    assert (ended.exit_code, ended.out, ended.err) == (0, "", "tintype: no assets\n")


def test_show_tells_urls_and_colours(
    tintype: Tintype, catalog: CatalogInMemory, five_assets: list[asset_pb2.Asset]
) -> None:
    ended = tintype("assets", "show", "--ingest", catalog.address, five_assets[2].id)
    assert ended.exit_code == 0
    for rendition in five_assets[2].renditions:
        assert rendition.url in ended.out
    assert all(f"{name}   20.0%" in ended.out for name in COLORS)
    assert "Third" in ended.out
    assert "\x1b" not in ended.out


def test_show_in_json_is_the_contracts_asset(
    tintype: Tintype, catalog: CatalogInMemory, five_assets: list[asset_pb2.Asset]
) -> None:
    ended = tintype("assets", "show", "--json", "--ingest", catalog.address, five_assets[0].id)
    asset = json.loads(ended.out)
    assert asset["id"] == five_assets[0].id
    assert [one["name"] for one in asset["renditions"]][:2] == ["original", "preview"]


def test_an_asset_that_is_not_there_is_exit_code_3(
    tintype: Tintype, catalog: CatalogInMemory
) -> None:
    ended = tintype("assets", "show", "--ingest", catalog.address, "nothing")
    assert (ended.exit_code, ended.out) == (3, "")
    assert ended.err == "tintype: no asset 'nothing'\n"


def test_rm_removes_what_is_there_and_names_what_is_not(
    tintype: Tintype, catalog: CatalogInMemory, five_assets: list[asset_pb2.Asset]
) -> None:
    first, second = five_assets[0].id, five_assets[1].id
    ended = tintype("assets", "rm", "--ingest", catalog.address, first, "nothing", second)
    assert ended.exit_code == 1
    assert ended.lines == [f"removed {first}", f"removed {second}"]
    assert ended.err == "tintype: no asset 'nothing'\n"
    assert len(catalog.assets) == 3
    ended = tintype("assets", "rm", "--json", "--ingest", catalog.address, "nothing")
    assert (ended.exit_code, json.loads(ended.out)) == (3, {"id": "nothing", "removed": False})
