"""Damage, leftovers and what the sweep does about them. Against MinIO."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

import pytest
from minio.xml import findall
from urllib3.exceptions import ProtocolError

from storage.checksums import chunks_of
from storage.drivers.s3 import S3Store
from storage.drivers.s3.connection import S3Connection
from storage.drivers.s3.multipart import Multipart
from storage.drivers.s3.refusal import find_text, parse_xml
from storage.errors import ChecksumMismatch, DataCorrupted
from storage.store import Chunk, PutInfo
from tests.backends.fixtures import hidden_keys

pytestmark = pytest.mark.backend
MIB = 1024 * 1024
LARGE = bytes(range(256)) * (40 * 1024)  # 10 MiB: two parts


def damage(s3: S3Connection, key: str, position: int) -> None:
    """Flip a bit of a stored object behind the driver's back, leaving its headers."""
    answer = s3.request("GET", key)
    body = bytearray(answer.body)
    body[position] ^= 1
    kept = {
        name: value for name, value in answer.headers.items() if name.lower().startswith("x-amz-me")
    }
    s3.put(key, bytes(body), headers=kept)


@pytest.mark.parametrize("content", [LARGE[: 3 * MIB], LARGE], ids=["one-part", "parts"])
def test_a_flipped_bit_is_never_content(
    s3_store: S3Store, s3: S3Connection, content: bytes
) -> None:
    """In a whole read nothing of its block comes; a range that does not touch it reads on."""
    s3_store.put("key", chunks_of([content]), PutInfo())
    damage(s3, "key", 2 * MIB + 17)
    with s3_store.get("key") as reader:
        received: list[bytes] = []
        with pytest.raises(DataCorrupted, match="byte 2097152 of 'key'"):
            received.extend(bytes(chunk.content) for chunk in reader)
        assert b"".join(received) == content[: 2 * MIB]
    with s3_store.get("key", 2 * MIB + 99, 1) as reader, pytest.raises(DataCorrupted):
        list(reader)
    with s3_store.get("key", MIB, 5) as reader:
        assert b"".join(chunk.content for chunk in reader) == content[MIB : MIB + 5]


def test_an_object_cut_short_is_corrupted(s3_store: S3Store, s3: S3Connection) -> None:
    """The record knows the size."""
    stored = s3_store.put("key", chunks_of([b"twelve bytes"]), PutInfo())
    answer = s3.request("GET", "key")
    kept = {name: value for name, value in answer.headers.items() if "tintype" in name.lower()}
    s3.put("key", b"eleven byte", headers=kept)
    assert stored.size_bytes == 12
    for call in (s3_store.head, s3_store.get):
        with pytest.raises(DataCorrupted, match="has 11 bytes, 12 were stored"):
            call("key")


@pytest.mark.parametrize("body", [None, b"", b"{}\n", b"{}\n00000000{}", b"no record at all"])
def test_a_damaged_record_is_said_and_not_passed_over(
    s3_store: S3Store, s3: S3Connection, body: bytes | None
) -> None:
    """Without its record the bytes cannot be checked, so they are not handed out."""
    s3_store.put("key", chunks_of([LARGE]), PutInfo())
    (record,) = hidden_keys(s3)
    if body is None:
        s3.request("DELETE", record)
    else:
        s3.put(record, body)
    for call in (s3_store.head, s3_store.get):
        with pytest.raises(DataCorrupted, match="record of 'key'"):
            call("key")


def test_what_somebody_else_stored_is_read_as_it_is(s3_store: S3Store, s3: S3Connection) -> None:
    """Without checksums, with its own metadata; a copy of it stays so."""
    s3.put("foreign", LARGE, headers={"Content-Type": "text/x", "x-amz-meta-colour": "gr%C3%BCn"})
    info = s3_store.head("foreign")
    assert (info.crc32c, info.sha256, info.content_type) == (None, b"", "text/x")
    assert info.user_metadata == {"colour": "grün"}
    with s3_store.get("foreign", -10) as reader:
        assert b"".join(chunk.content for chunk in reader) == LARGE[-10:]
    copied = s3_store.copy("foreign", "copy", PutInfo())
    assert (copied.size_bytes, copied.user_metadata) == (len(LARGE), {"colour": "grün"})
    with s3_store.get("copy") as reader:
        assert b"".join(chunk.content for chunk in reader) == LARGE


def test_a_put_that_breaks_leaves_no_part_behind(s3_store: S3Store, s3: S3Connection) -> None:
    """The error is the caller's own, and the bucket is as it was."""

    def broken() -> Iterator[Chunk]:
        yield from chunks_of([LARGE])
        raise RuntimeError("the caller's own")

    with pytest.raises(RuntimeError, match="the caller's own"):
        s3_store.put("key", broken(), PutInfo())
    with pytest.raises(ChecksumMismatch):
        s3_store.put("key", chunks_of([LARGE]), PutInfo(sha256=lambda: bytes(32)))
    assert hidden_keys(s3) == []
    assert open_multiparts(s3, "key") == []
    assert s3_store.list().objects == []


def test_the_sweep_finds_what_a_killed_put_left_behind(
    s3_store: S3Store, s3: S3Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts and record of a put that never ended; not those of objects, nor of running puts."""
    s3_store.put("kept", chunks_of([LARGE]), PutInfo())
    with monkeypatch.context() as killed:
        # As if the process had gone: nobody cleans up.
        killed.setattr(Multipart, "abort", lambda _: None)
        killed.setattr("storage.drivers.s3.writing.delete_record", lambda *_: None)
        with pytest.raises(ChecksumMismatch):
            s3_store.put("lost", chunks_of([LARGE]), PutInfo(sha256=lambda: bytes(32)))
    assert len(open_multiparts(s3, "lost")) == 1

    def swept_meanwhile() -> Iterator[Chunk]:
        yield from chunks_of([LARGE])
        assert s3_store.sweep_uploads(timedelta(hours=1)) == 0
        assert s3_store.sweep_uploads(timedelta(0)) == 1

    s3_store.put("running", swept_meanwhile(), PutInfo())
    assert open_multiparts(s3, "lost") == []
    assert len(hidden_keys(s3)) == 2
    for key in ("kept", "running"):
        with s3_store.get(key) as reader:
            assert hashlib.sha256(b"".join(c.content for c in reader)).digest() == (
                hashlib.sha256(LARGE).digest()
            )


def test_records_go_with_their_objects(s3_store: S3Store, s3: S3Connection) -> None:
    """At once when deleted, with the sweep when replaced."""
    s3_store.put("one", chunks_of([LARGE]), PutInfo())
    s3_store.put("two", chunks_of([LARGE]), PutInfo())
    s3_store.delete("one")
    assert len(hidden_keys(s3)) == 1
    s3_store.put("two", chunks_of([b"small"]), PutInfo())
    assert s3_store.sweep_uploads(timedelta(0)) == 1
    assert hidden_keys(s3) == []
    assert s3_store.head("two").size_bytes == 5


def test_what_is_hidden_is_in_no_listing(s3_store: S3Store, s3: S3Connection) -> None:
    """On no page, folded or not, at any page size."""
    for key in (".a", ".tintype/x", ".tintype~", "z"):
        s3_store.put(key, chunks_of([LARGE]), PutInfo())
    upload_id = s3_store.start_upload("u", PutInfo())
    assert len(hidden_keys(s3)) == 5
    for limit in (1, 2, 3, 1000):
        keys, prefixes = all_entries(s3_store, "", limit), all_entries(s3_store, "/", limit)
        assert keys == [".a", ".tintype/x", ".tintype~", "z"]
        assert sorted(prefixes) == [".a", ".tintype/", ".tintype~", "z"]
    s3_store.abort_upload(upload_id)


def test_a_put_whose_answer_is_lost_knows_its_own_object(
    s3_store: S3Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request is sent again, meets the object of the first, and is no conflict."""
    send, lost = S3Connection._send, []  # noqa: SLF001  # where an answer can be lost

    def send_and_lose(self: object, request: object, deadline: float) -> object:
        answer = send(self, request, deadline)
        final = request.method == "PUT" and "If-None-Match" in request.headers
        final = final or (request.method == "POST" and "uploadId" in request.url.query)
        if final and not lost:
            answer.load()
            lost.append(request)
            raise ProtocolError("the answer was lost")
        return answer

    monkeypatch.setattr(S3Connection, "_send", send_and_lose)
    for key, content in (("small", b"bytes"), ("large", LARGE)):
        lost.clear()
        stored = s3_store.put(key, chunks_of([content]), PutInfo(create_only=True))
        assert lost
        assert s3_store.head(key) == stored


def all_entries(store: S3Store, delimiter: str, limit: int) -> list[str]:
    """Return everything on all pages of a listing."""
    entries: list[str] = []
    page = store.list("", delimiter, "", limit)
    while True:
        entries += [info.key for info in page.objects] + page.common_prefixes
        if not page.next_token:
            return entries
        page = store.list("", delimiter, page.next_token, limit)


def open_multiparts(s3: S3Connection, key: str) -> list[str]:
    """Return the multipart uploads of a key that are open at the server."""
    answer = s3.request("GET", query={"uploads": "", "prefix": key})
    return [find_text(upload, "UploadId") for upload in findall(parse_xml(answer.body), "Upload")]
