"""The text of Office files and plain text, read without a process of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from services.ingest.documents.content import MAX_PAGE_CHARACTERS
from services.ingest.documents.formats import DocumentFormat as Format
from services.ingest.documents.read import read_document
from services.ingest.errors import DamagedDocument, DocumentTooLarge, EncryptedDocument
from tests.services.ingest.documents import builders as make

File = Callable[[bytes], Path]


def test_a_text_document_is_one_text_without_pages(file: File) -> None:
    body = (
        "<w:p><w:r><w:t>One</w:t><w:tab/><w:t>two &amp; three</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>line</w:t><w:br/><w:t>break</w:t><w:delText>gone</w:delText></w:r></w:p>"
    )
    content = read_document(file(make.make_docx(body)), Format.DOCX)
    assert (content.page_count, content.pages) == (0, ["One\ttwo & three\nline\nbreak"])


def test_what_is_kept_twice_for_older_readers_is_read_once(file: File) -> None:
    body = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        "<mc:Choice><w:t>new</w:t></mc:Choice><mc:Fallback><w:p><w:t>old</w:t></w:p></mc:Fallback>"
        "</mc:AlternateContent>"
    )
    assert read_document(file(make.make_docx(body)), Format.DOCX).pages == ["new"]


def test_slides_come_in_the_order_they_are_shown(file: File) -> None:
    content = read_document(file(make.make_pptx(["first", "second", "third"])), Format.PPTX)
    assert (content.page_count, content.pages) == (3, ["first", "second", "third"])


def test_every_sheet_is_a_page_of_rows(file: File) -> None:
    rows = (
        '<row><c t="s"><v>1</v></c><c><v>3.5</v></c><c t="inlineStr"><is><t>in</t></is></c></row>'
        '<row><c t="s"><v>9</v></c><c t="s"><v>-1</v></c><c t="str"><f>A1</f><v>x</v></c></row>'
    )
    file_bytes = make.make_xlsx({"Budget": rows, "Empty": ""}, ["zero", "one"])
    content = read_document(file(file_bytes), Format.XLSX)
    assert content.page_count == 2
    assert content.pages == ["Budget\none\t3.5\tin\n\t\tx", "Empty"]


def test_a_cell_that_multiplies_a_long_string_fills_one_page_and_no_more(file: File) -> None:
    row = "<row>" + '<c t="s"><v>0</v></c>' * 100_000 + "</row>"
    content = read_document(file(make.make_xlsx({"S": row}, ["y" * 32_000])), Format.XLSX)
    assert len(content.pages[0]) == MAX_PAGE_CHARACTERS
    assert content.warnings == ["the text of page 1 was cut to 100000 characters"]


def test_a_document_type_is_refused_so_that_no_entity_can_grow(file: File) -> None:
    laughs = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    document = make.make_docx("<w:p><w:t>&b;</w:t></w:p>", prolog=laughs)
    with pytest.raises(DamagedDocument, match="document type"):
        read_document(file(document), Format.DOCX)


def test_a_file_that_unpacks_without_end_is_given_up(file: File) -> None:
    document = make.make_docx("<w:x>" + "y" * 130_000_000 + "</w:x>")
    assert len(document) < 1_000_000
    with pytest.raises(DocumentTooLarge, match="unpacks to more than"):
        read_document(file(document), Format.DOCX)


@pytest.mark.parametrize(
    "members",
    [
        {"word/document.xml": "<x/>"},
        {"_rels/.rels": make.relations(("officeDocument", "word/document.xml"))},
        {
            "_rels/.rels": make.relations(("officeDocument", "word/document.xml")),
            "word/document.xml": "<w:document",
        },
        {
            "_rels/.rels": make.relations(("officeDocument", "../../etc/passwd")),
            "word/document.xml": "<document/>",
        },
        {
            "_rels/.rels": make.relations(("officeDocument", "word/document.xml")),
            "word/document.xml": "<workbook/>",
        },
        {"_rels/.rels": ""},
    ],
    ids=["no relations", "no main part", "broken xml", "outside", "another kind", "empty xml"],
)
def test_an_incomplete_package_is_damaged(file: File, members: dict[str, str | bytes]) -> None:
    with pytest.raises(DamagedDocument, match="damaged"):
        read_document(file(make.make_zip(members)), Format.DOCX)


def test_a_package_cut_short_is_damaged(file: File) -> None:
    whole = make.make_docx("<w:p/>")
    with pytest.raises(DamagedDocument, match="damaged"):
        read_document(file(whole[:-10]), Format.DOCX)


def test_an_encrypted_member_fails_with_its_reason(file: File) -> None:
    whole = bytearray(make.make_zip({"_rels/.rels": "x"}))
    for mark, flags_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        whole[whole.index(mark) + flags_at] |= 1
    with pytest.raises(EncryptedDocument):
        read_document(file(bytes(whole)), Format.DOCX)


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_its_charset(file: File, charset: str) -> None:
    content = read_document(file("Grüße\r\naus Köln\n".encode(charset)), Format.TEXT)
    assert (content.page_count, content.pages) == (0, ["Grüße\naus Köln"])


def test_a_long_text_is_cut_with_a_warning(file: File) -> None:
    content = read_document(file("ü".encode() * 100_001), Format.MARKDOWN)
    assert content.pages == ["ü" * 100_000]
    assert content.warnings == ["the text of page 1 was cut to 100000 characters"]
    exact = read_document(file(b"a" * 100_000), Format.TEXT)
    assert (len(exact.pages[0]), exact.warnings) == (100_000, [])
