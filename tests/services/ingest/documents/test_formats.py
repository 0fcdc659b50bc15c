"""What a document is, by its bytes."""

import pytest

from services.ingest.documents.formats import DocumentFormat, sniff_document
from services.ingest.errors import UnsupportedDocument
from tests.services.ingest.documents import builders as make

_OPEN_XML = "application/vnd.openxmlformats-officedocument."


@pytest.mark.parametrize(
    ("content", "found", "content_type"),
    [
        (make.make_pdf(["a"]), DocumentFormat.PDF, "application/pdf"),
        (b"\xef\xbb\xbf\n" + make.make_pdf(["a"]), DocumentFormat.PDF, "application/pdf"),
        (make.make_docx(""), DocumentFormat.DOCX, _OPEN_XML + "wordprocessingml.document"),
        (make.make_xlsx({}, []), DocumentFormat.XLSX, _OPEN_XML + "spreadsheetml.sheet"),
        (make.make_pptx([]), DocumentFormat.PPTX, _OPEN_XML + "presentationml.presentation"),
        (b"Hello", DocumentFormat.TEXT, "text/plain; charset=utf-8"),
        ("Grüße".encode()[:3], DocumentFormat.TEXT, "text/plain; charset=utf-8"),
        ("Grüße".encode("cp1252"), DocumentFormat.TEXT, "text/plain; charset=windows-1252"),
        ("Grüße".encode("utf-16"), DocumentFormat.TEXT, "text/plain; charset=utf-16"),
        (b"<svg onload='alert(1)'/>", DocumentFormat.TEXT, "text/plain; charset=utf-8"),
    ],
)
def test_the_bytes_tell_the_format(
    content: bytes, found: DocumentFormat, content_type: str
) -> None:
    # The name lies; only for text has it a say, and then only about Markdown.
    assert sniff_document(content, "lie.png") == (found, content_type)


def test_the_name_tells_markdown_from_plain_text() -> None:
    for name in ("README.md", "a.MARKDOWN"):
        found = sniff_document(b"# Title", name)
        assert found == (DocumentFormat.MARKDOWN, "text/markdown; charset=utf-8")
    assert sniff_document(make.make_pdf(["a"]), "a.md").format is DocumentFormat.PDF


@pytest.mark.parametrize(
    ("content", "looks"),
    [
        (b"", "an empty file"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "JPEG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "an old Office document"),
        (b"{\\rtf1 hello}", "an RTF document"),
        (make.make_zip({"a.txt": "a"}), "no docx, xlsx or pptx"),
        (b"text with a \x00 in it", "looks like"),
    ],
)
def test_other_bytes_are_refused_by_what_they_look_like(content: bytes, looks: str) -> None:
    with pytest.raises(UnsupportedDocument, match=looks):
        sniff_document(content, "report.pdf")
