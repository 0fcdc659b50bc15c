"""Documents through real services: the original at once, the pages by a job."""

from io import BytesIO

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from PIL import Image

from tests.services.ingest.documents import builders as make
from tests.services.ingest.jobs.calls import ingest_document, until_ended
from tests.services.ingest.processes import Processes
from tintype import errors
from tintype.ingest.v1 import asset_pb2, ingest_pb2

READY, FAILED = asset_pb2.ASSET_STATE_READY, asset_pb2.ASSET_STATE_FAILED


def pages(
    processes: Processes, asset: asset_pb2.Asset, size: int = 0, token: str = ""
) -> ingest_pb2.ListPagesResponse:
    """Call ListPages."""
    request = ingest_pb2.ListPagesRequest(
        asset_id=asset.id, owner=asset.owner, page_size=size, page_token=token
    )
    response: ingest_pb2.ListPagesResponse = processes.client.stub.ListPages(request, timeout=10)
    return response


def test_a_pdf_is_pending_then_ready_with_pages_preview_and_deep_links(
    processes: Processes, owner: str
) -> None:
    content = make.make_pdf(["first page", "second page", ""])
    accepted = ingest_document(processes.client, [content], owner, file_name="Report.pdf").asset
    assert accepted.state == asset_pb2.ASSET_STATE_PENDING
    assert [one.name for one in accepted.renditions] == ["original"]
    original = accepted.renditions[0]
    assert processes.needs.storage.get(original.storage_key).read() == content
    assert original.content_type == "application/pdf"
    # Not under the prefix that everyone may read.
    assert original.url == f"http://127.0.0.1:8080/files/{accepted.id}/original"
    asset = until_ended(processes.client, accepted)
    assert (asset.state, asset.document.page_count, asset.format) == (READY, 3, "pdf")
    assert asset.kind == asset_pb2.ASSET_KIND_DOCUMENT
    found = pages(processes, asset)
    assert [(page.number, page.text) for page in found.pages] == [
        (1, "first page"),
        (2, "second page"),
        (3, ""),
    ]
    assert found.pages[1].url == f"{original.url}#page=2"
    preview = asset.renditions[1]
    picture = Image.open(BytesIO(processes.needs.storage.get(preview.storage_key).read()))
    assert (preview.name, preview.content_type) == ("preview", "image/jpeg")
    assert picture.size == (preview.width_px, preview.height_px) == (800, 1133)


def test_pages_come_in_order_a_few_at_a_time(processes: Processes, owner: str) -> None:
    lines = [f"page {number}" for number in range(1, 46)]
    asset = ingest_document(processes.client, [make.make_pdf(lines)], owner).asset
    until_ended(processes.client, asset)
    first = pages(processes, asset)
    assert len(first.pages) == 20
    second = pages(processes, asset, 25, first.next_page_token)
    assert second.next_page_token == ""
    assert [page.text for page in (*first.pages, *second.pages)] == lines
    assert [page.text for page in processes.client.list_pages(asset.id, owner)] == lines
    for size, token in ((-1, ""), (101, ""), (0, "x"), (0, "-1"), (0, "9" * 30)):
        with pytest.raises(grpc.RpcError) as caught:
            pages(processes, asset, size, token)
        assert isinstance(errors.from_rpc_error(caught.value), errors.InvalidArgument)


def test_an_office_file_has_its_text(processes: Processes, owner: str) -> None:
    content = make.make_docx("<w:p><w:r><w:t>Hello</w:t></w:r></w:p>")
    asset = ingest_document(processes.client, [content], owner, file_name="a.pdf").asset
    asset = until_ended(processes.client, asset)
    assert (asset.state, asset.format, asset.document.page_count) == (READY, "docx", 0)
    assert [page.text for page in pages(processes, asset).pages] == ["Hello"]
    assert [one.name for one in asset.renditions] == ["original", "preview"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (make.make_encrypted_pdf(), "ENCRYPTED_DOCUMENT"),
        (make.make_encrypted_office(), "ENCRYPTED_DOCUMENT"),
        (make.make_pdf(["x"])[:200], "DAMAGED_DOCUMENT"),
        (make.make_docx("<w:x>" + "y" * 130_000_000 + "</w:x>"), "DOCUMENT_TOO_LARGE"),
    ],
    ids=["encrypted", "encrypted-office", "broken", "bomb"],
)
def test_what_cannot_be_read_fails_with_its_reason_and_stays_listed(
    processes: Processes, owner: str, content: bytes, reason: str
) -> None:
    asset = until_ended(processes.client, ingest_document(processes.client, [content], owner).asset)
    assert asset.state == FAILED
    assert (asset.error.reason, asset.error.retryable) == (reason, False)
    assert [one.id for one in processes.client.list_failures(owner)] == [asset.id]
    # The original stays: it is what the owner brought.
    assert processes.needs.storage.get(asset.renditions[0].storage_key).read() == content
    again = processes.client.retry_asset(asset.id, owner)
    assert again.state == asset_pb2.ASSET_STATE_PENDING
    assert until_ended(processes.client, again).error.reason == reason


def test_what_is_no_document_is_refused_without_a_trace(processes: Processes, owner: str) -> None:
    before = processes.keys()
    for content in (b"", b"\x89PNG\r\n\x1a\n" + bytes(50), b"{\\rtf1 x}"):
        with pytest.raises(errors.TintypeError) as caught:
            ingest_document(processes.client, [content] if content else [], owner)
        refused = caught.value
        assert (refused.reason, type(refused)) == ("UNSUPPORTED_FORMAT", errors.InvalidArgument)
    assert list(processes.client.list_assets(owner)) == []
    assert processes.keys() == before


def test_a_stream_that_is_too_large_or_breaks_off_leaves_no_trace(
    processes: Processes, owner: str
) -> None:
    before = processes.keys()
    with pytest.raises(errors.TintypeError) as caught:
        ingest_document(processes.client, (b"a" * 1_000_000 for _ in range(51)), owner)
    assert caught.value.reason == "INVALID_REQUEST"
    header = ingest_pb2.IngestHeader(options=ingest_pb2.IngestOptions(owner=owner))
    with pytest.raises(grpc.RpcError) as caught:
        processes.client.stub.IngestDocument(
            iter([ingest_pb2.IngestDocumentRequest(header=header)]), timeout=10
        )
    assert errors.from_rpc_error(caught.value).reason == "INCOMPLETE_STREAM"
    assert list(processes.client.list_assets(owner)) == []
    assert processes.keys() == before


def test_the_same_external_id_or_bytes_again_store_nothing(
    processes: Processes, owner: str
) -> None:
    content = make.make_pdf(["once"])
    first = ingest_document(processes.client, [content], owner, external_id="d1").asset
    until_ended(processes.client, first)
    before = sorted(processes.keys())
    again = ingest_document(processes.client, [b"other text"], owner, external_id="d1")
    assert (again.asset.id, again.existed) == (first.id, True)
    same = ingest_document(processes.client, [content], owner, dedupe=True)
    assert (same.asset.id, same.existed) == (first.id, True)
    assert sorted(processes.keys()) == before


def test_deleting_a_document_deletes_its_pages_and_objects(
    processes: Processes, owner: str
) -> None:
    accepted = ingest_document(processes.client, [make.make_pdf(["gone"])], owner).asset
    asset = until_ended(processes.client, accepted)
    processes.client.delete_asset(asset.id, owner)
    assert not [key for key in processes.needs.storage.list("documents/") if asset.id in key.key]
    with pytest.raises(grpc.RpcError) as caught:
        pages(processes, asset)
    assert errors.from_rpc_error(caught.value).reason == "ASSET_NOT_FOUND"


def sweep(processes: Processes, **fields: object) -> list[ingest_pb2.SweepResponse]:
    """Return the findings of a sweep of all ages about documents."""
    request = ingest_pb2.SweepRequest(min_age=Duration(), **fields)
    return [
        one
        for one in processes.client.stub.Sweep(request)
        if one.finding and one.storage_key.startswith("documents/")
    ]


def test_the_sweep_finds_and_mends_what_is_wrong_with_documents(
    processes: Processes, owner: str
) -> None:
    storage = processes.needs.storage
    content = make.make_pdf(["one"])
    accepted = ingest_document(processes.client, [content], owner).asset
    asset = until_ended(processes.client, accepted)
    processes.collect()
    assert sweep(processes) == []
    original, preview = (one.storage_key for one in asset.renditions)
    storage.put("documents/2026/01_01/original/orphan.pdf", [b"nobody's"])
    storage.delete(preview)
    found = {(one.finding, one.storage_key, one.repaired) for one in sweep(processes, repair=True)}
    assert found == {
        (ingest_pb2.SWEEP_FINDING_ORPHAN, "documents/2026/01_01/original/orphan.pdf", True),
        (ingest_pb2.SWEEP_FINDING_MISSING, preview, True),
    }
    mended = until_ended(processes.client, asset)
    assert mended.state == READY
    assert [one.storage_key for one in mended.renditions] == [original, preview]
    assert storage.head(preview).size_bytes == asset.renditions[1].size_bytes
    assert sweep(processes) == []
    storage.delete(original)
    assert [one.repaired for one in sweep(processes, repair=True)] == [True]
    lost = processes.client.get_asset(asset.id, owner)
    assert (lost.state, lost.error.reason) == (FAILED, "ORIGINAL_LOST")
    retried = until_ended(processes.client, processes.client.retry_asset(asset.id, owner))
    assert (retried.state, retried.error.reason) == (FAILED, "OBJECT_NOT_FOUND")
    storage.put(original, [content], content_type="application/pdf")
    retried = until_ended(processes.client, processes.client.retry_asset(asset.id, owner))
    assert retried.state == READY
