"""Reading plain text and Markdown."""

from pathlib import Path

from services.ingest.documents.content import MAX_PAGE_CHARACTERS, DocumentContent
from services.ingest.documents.formats import HEAD_BYTES, sniff_charset

_MAX_CHARACTER_BYTES = 4


def read_text(path: Path) -> DocumentContent:
    """Read as much as one page holds; what is no character of its charset is replaced."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    charset = sniff_charset(head)
    # One character more than a page holds, so that a cut is noticed.
    needed_bytes = (MAX_PAGE_CHARACTERS + 1) * _MAX_CHARACTER_BYTES
    text = head[:needed_bytes].decode(charset or "utf-8", "replace")
    content = DocumentContent()
    content.add_page(text.removeprefix("\ufeff"))
    return content
