"""Reading whole documents in their own process, the broken and hostile ones included."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import psutil
import pytest
from PIL import Image

from services.ingest.documents.content import MAX_DOCUMENT_BYTES
from services.ingest.documents.formats import DocumentFormat as Format
from services.ingest.documents.reader import DocumentReader
from services.ingest.errors import (
    DamagedDocument,
    DocumentCrashed,
    DocumentError,
    DocumentTimeout,
    DocumentTooLarge,
    EncryptedDocument,
)
from tests.services.ingest.documents import builders as make

File = Callable[[bytes], Path]


def test_a_pdf_gives_its_pages_and_a_picture_of_the_first(
    reader: DocumentReader, file: File
) -> None:
    content = reader.read(file(make.make_pdf(["first page", "second page"])), Format.PDF)
    assert content.page_count == 2
    assert content.pages == ["first page", "second page"]
    picture = Image.open(BytesIO(content.preview))
    assert (picture.format, picture.size) == ("JPEG", content.preview_size_px)
    assert content.preview_size_px == (800, 1133)
    darkest, brightest = picture.convert("L").getextrema()
    assert (darkest < 100, brightest > 250) == (True, True), "black text on white paper"


@pytest.mark.parametrize(
    ("document", "document_format"),
    [
        (make.make_docx("<w:p><w:t>Grüße</w:t></w:p>"), Format.DOCX),
        (make.make_pptx(["Привет", "second"]), Format.PPTX),
        (make.make_xlsx({"预算": ""}, []), Format.XLSX),
        ("# Τίτλος\n\tone\x07 two\u2028three 🙂".encode(), Format.MARKDOWN),
        (b"x" * 500_000, Format.TEXT),
    ],
)
def test_what_has_only_text_gives_a_picture_of_the_first_page_of_it(
    reader: DocumentReader, file: File, document: bytes, document_format: Format
) -> None:
    content = reader.read(file(document), document_format)
    picture = Image.open(BytesIO(content.preview))
    assert (picture.format, picture.size) == ("JPEG", content.preview_size_px)
    darkest, brightest = picture.convert("L").getextrema()
    assert (darkest < 100, brightest > 250) == (True, True), "black text on white paper"
    paper = picture.convert("L").crop((0, 0, 800, 60))
    assert paper.getextrema()[0] > 250, "a margin"


def test_slides_that_are_none_give_an_empty_page(reader: DocumentReader, file: File) -> None:
    content = reader.read(file(make.make_pptx([])), Format.PPTX)
    assert content.page_count == 0
    assert Image.open(BytesIO(content.preview)).convert("L").getextrema() == (255, 255)


def test_a_thousand_pages_come_in_order(reader: DocumentReader, file: File) -> None:
    lines = [f"page {number}" for number in range(1, 1001)]
    content = reader.read(file(make.make_pdf(lines)), Format.PDF)
    assert content.page_count == 1000
    assert content.pages == lines


def test_more_pages_than_are_read_fail_with_their_number(
    reader: DocumentReader, file: File
) -> None:
    with pytest.raises(DocumentTooLarge, match="10001 pages"):
        reader.read(file(make.make_pdf([""] * 10_001)), Format.PDF)


def test_an_encrypted_pdf_fails_with_its_reason(reader: DocumentReader, file: File) -> None:
    with pytest.raises(EncryptedDocument, match="protected by a password"):
        reader.read(file(make.make_encrypted_pdf()), Format.PDF)


@pytest.mark.parametrize("kept", [0.02, 0.3, 0.6, 0.9])
def test_a_pdf_cut_short_fails_with_its_reason(
    reader: DocumentReader, file: File, kept: float
) -> None:
    whole = make.make_pdf(["a page"])
    with pytest.raises(DamagedDocument, match="damaged"):
        reader.read(file(whole[: int(len(whole) * kept)]), Format.PDF)


def test_a_pdf_without_pages_is_damaged(reader: DocumentReader, file: File) -> None:
    with pytest.raises(DamagedDocument):
        reader.read(file(make.make_pdf([])), Format.PDF)


@pytest.mark.parametrize(
    ("size", "preview"),
    [((14400, 1), (800, 1)), ((1, 14400), (1, 3200)), ((1e7, 1e7), (800, 1036))],
)
def test_a_page_of_any_shape_gives_a_bounded_picture(
    reader: DocumentReader,
    file: File,
    size: tuple[float, float],
    preview: tuple[int, int],
) -> None:
    content = reader.read(file(make.make_pdf(["x"], size=size)), Format.PDF)
    assert content.preview_size_px == preview


def test_a_bomb_ends_its_own_process_and_the_next_document_is_read(file: File) -> None:
    pool = DocumentReader(time_s=10, memory_bytes=600_000_000)
    try:
        with pytest.raises((DocumentCrashed, DocumentTimeout, DocumentTooLarge)):
            pool.read(file(make.make_deflated_pdf(400_000_000)), Format.PDF)
        assert pool.read(file(make.make_pdf(["after"])), Format.PDF).pages == ["after"]
    finally:
        pool.close()


def test_a_document_that_takes_too_long_is_given_up(file: File) -> None:
    pool = DocumentReader(time_s=0.5)
    try:
        endless = b"q 1 0 0 1 0 0 cm 0 0 m 500 800 l S Q\n" * 500_000
        pages = make.make_pdf([], streams=[endless])
        with pytest.raises(DocumentTimeout, match=r"longer than 0\.5 seconds"):
            pool.read(file(pages), Format.PDF)
    finally:
        pool.close()


READS = """
import sys, threading
from pathlib import Path
from services.ingest.documents.formats import DocumentFormat
from services.ingest.documents.reader import DocumentReader
if __name__ == "__main__":
    reader = DocumentReader(time_s=60)
    reading = threading.Thread(target=reader.read, args=(Path(sys.argv[1]), DocumentFormat.PDF))
    reading.start()
    sys.stdin.read()
"""


def test_its_process_ends_with_the_service_in_the_middle_of_a_document(
    tmp_path: Path, file: File
) -> None:
    endless = b"q 1 0 0 1 0 0 cm 0 0 m 500 800 l S Q\n" * 1_000_000
    document, script = file(make.make_pdf([], streams=[endless])), tmp_path / "reads.py"
    script.write_text(READS)
    with subprocess.Popen(
        [sys.executable, str(script), str(document)],
        stdin=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": "."},
    ) as service:
        deadline = time.monotonic() + 30
        busy: list[psutil.Process] = []
        while not busy and time.monotonic() < deadline:
            family = psutil.Process(service.pid).children(recursive=True)
            # Long past its imports.
            # Long past its imports.
            busy = [one for one in family if one.cpu_times().user > 1]
        family = psutil.Process(service.pid).children(recursive=True)
        service.kill()
    assert busy
    assert not psutil.wait_procs(family, timeout=10)[1]


def test_random_damage_never_raises_anything_but_a_document_error(
    reader: DocumentReader, file: File
) -> None:
    chance = random.Random(7)  # repeatable
    samples = {
        Format.PDF: make.make_pdf(["a", "b"]),
        Format.DOCX: make.make_docx("<w:p><w:r><w:t>Hi</w:t></w:r></w:p>"),
        Format.XLSX: make.make_xlsx({"S": "<row><c><v>1</v></c></row>"}, ["a"]),
        Format.PPTX: make.make_pptx(["one"]),
    }
    failures = 0
    for document_format, whole in samples.items():
        for _ in range(100):
            damaged = bytearray(whole)
            for _ in range(chance.randint(1, 8)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            try:
                reader.read(file(bytes(damaged)), document_format)
            except DocumentError:
                failures += 1
    assert failures > 20


def test_a_file_over_the_limit_is_not_read(reader: DocumentReader, file: File) -> None:
    path = file(b"")
    with path.open("wb") as sparse:
        sparse.truncate(MAX_DOCUMENT_BYTES + 1)
    with pytest.raises(DocumentTooLarge, match="50000001 bytes"):
        reader.read(path, Format.TEXT)
