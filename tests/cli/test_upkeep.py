import json
from collections.abc import Callable

from tests.cli.harness import CatalogInMemory, Ended
from tintype.ingest.v1 import ingest_pb2

Tintype = Callable[..., Ended]


def test_reprocess_counts_what_is_made_again_and_names_what_is_not(
    tintype: Tintype, catalog: CatalogInMemory
) -> None:
    for number in range(3):
        catalog.add(ingest_pb2.IngestOptions(file_name=f"{number}.jpg"), b"x")
    lost = catalog.assets["Asset" + "1".zfill(17)]
    ended = tintype("reprocess", "--ingest", catalog.address)
    assert (ended.exit_code, ended.lines, ended.err) == (0, ["3 of 3 made again"], "")
    lost.details.title = "lost"
    ended = tintype("reprocess", "--ingest", catalog.address)
    assert (ended.exit_code, ended.lines) == (1, ["2 of 3 made again, 1 failed"])
    assert ended.err == f"tintype: {lost.id}: no original\n"
    ended = tintype("reprocess", "--json", "--ingest", catalog.address, lost.id)
    (said,) = map(json.loads, ended.lines)
    assert said == {"id": lost.id, "error": {"reason": "", "message": "no original"}}


def test_sweep_reports_and_repairs_when_told_to(tintype: Tintype, catalog: CatalogInMemory) -> None:
    ended = tintype("sweep", "--ingest", catalog.address)
    assert ended.exit_code == 1
    assert ended.lines[0].split() == ["orphan", "media-uploads/lonely", "left", "as", "it", "is"]
    assert ended.lines[1] == "abandoned upload films/a.mp4  Upload1  left as it is"
    assert ended.lines[2] == "6 objects, 1 assets; 2 findings, 0 repaired"
    ended = tintype("sweep", "--repair", "--json", "--ingest", catalog.address)
    assert ended.exit_code == 0
    orphan, upload = map(json.loads, ended.lines)
    assert orphan["repaired"] is upload["repaired"] is True
    assert upload["upload_id"] == "Upload1"
