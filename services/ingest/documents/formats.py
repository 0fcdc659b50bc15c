"""What a document is, by its bytes; its name only tells Markdown from other text."""

import codecs
from enum import Enum
from typing import NamedTuple

from imaging.formats import describe
from services.ingest.errors import UnsupportedDocument

# What `sniff_document` wants to see of a file: an Office file tells its kind by the
# names of its first members, which may lie behind a thumbnail.
HEAD_BYTES = 1024 * 1024
# Anything but tab, line feed, form feed, carriage return and escape.
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\f\r\x1b") | {127}
_PDF_OFFSET_BYTES = 1024  # how far into a file PDF readers look for its mark
_ZIP_MEMBER = b"PK\x03\x04"
# A protected Office file is the old kind of container with this in it ([MS-OFFCRYPTO] 2.3.4.4).
_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
_MARKDOWN_ENDINGS = (".md", ".markdown")


class DocumentFormat(Enum):
    """A format that is read. The value is the asset's word for it and its usual extension."""

    PDF = "pdf"
    TEXT = "txt"
    MARKDOWN = "md"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"


class DocumentType(NamedTuple):
    """A format and the media type that goes with it, for text with its charset."""

    format: DocumentFormat
    content_type: str


_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_BY_FOLDER = {
    b"word/": DocumentType(DocumentFormat.DOCX, _OPEN_XML + "wordprocessingml.document"),
    b"xl/": DocumentType(DocumentFormat.XLSX, _OPEN_XML + "spreadsheetml.sheet"),
    b"ppt/": DocumentType(DocumentFormat.PPTX, _OPEN_XML + "presentationml.presentation"),
}
_BY_ENDING = {f".{found.format.value}": found for found in _BY_FOLDER.values()}


def sniff_document(head: bytes, file_name: str) -> DocumentType:
    """Tell what a document is.

    Args:
        head: the first `HEAD_BYTES` of the file, or all of a shorter one.
        file_name: decides between plain text and Markdown, and between the kinds of a
            protected Office file, nothing else.

    Raises:
        UnsupportedDocument: it is none that is read; the text says what it looks like.
    """
    if b"%PDF-" in head[:_PDF_OFFSET_BYTES]:
        return DocumentType(DocumentFormat.PDF, "application/pdf")
    if head.startswith(_ZIP_MEMBER):
        return _sniff_office(head)
    if is_encrypted_office(head):
        return _BY_ENDING.get(file_name.lower()[-5:], _BY_ENDING[".docx"])
    if not head.startswith(b"{\\rtf") and (charset := sniff_charset(head)):
        is_markdown = file_name.lower().endswith(_MARKDOWN_ENDINGS)
        text = DocumentFormat.MARKDOWN if is_markdown else DocumentFormat.TEXT
        subtype = "markdown" if is_markdown else "plain"
        return DocumentType(text, f"text/{subtype}; charset={charset}")
    looks = describe(head[:512]) if head else "an empty file"
    raise UnsupportedDocument(
        f"it looks like {looks}; PDF, plain text, Markdown, docx, xlsx and pptx are read"
    )


def is_encrypted_office(head: bytes) -> bool:
    """Tell whether a file that begins so is an Office file with a password."""
    return head.startswith(_CONTAINER) and _ENCRYPTED_PART in head


def sniff_charset(head: bytes) -> str:
    """Return the charset of a text by its first bytes; empty: it is no text."""
    if not head:
        return ""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if _CONTROLS.intersection(head):
        return ""
    try:
        # Not final: the head may end inside a character.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def _sniff_office(head: bytes) -> DocumentType:
    """Tell an Office file by the folder of its members."""
    at = 0
    while at >= 0:
        for folder, found in _BY_FOLDER.items():
            # A member's header is 30 bytes long and then has its name (APPNOTE 4.3.7).
            if head.startswith(folder, at + 30):
                return found
        at = head.find(_ZIP_MEMBER, at + 4)
    raise UnsupportedDocument("a ZIP archive that is no docx, xlsx or pptx file")
