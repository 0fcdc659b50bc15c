"""What was read from a document, and how much is read at most."""

from dataclasses import dataclass, field

MAX_DOCUMENT_BYTES = 50_000_000
MAX_PAGE_CHARACTERS = 100_000
MAX_PAGES = 10_000
# Over all pages, so that one document cannot fill the memory of those who pass it on.
MAX_TEXT_CHARACTERS = 20_000_000
_MAX_WARNINGS = 20


@dataclass
class DocumentContent:
    """What was read from a document.

    Attributes:
        page_count: pages, slides or sheets; 0 for formats without pages.
        pages: text of every page; of a format without pages one, the whole text.
        preview: picture of page 1 as JPEG; empty: there is none.
        preview_size_px: (width, height).
        warnings: what was not quite right but tolerated, one sentence each.
    """

    page_count: int = 0
    pages: list[str] = field(default_factory=list)
    preview: bytes = b""
    preview_size_px: tuple[int, int] = (0, 0)
    warnings: list[str] = field(default_factory=list)
    _characters: int = 0

    def add_page(self, text: str) -> None:
        """Add a page's text, made fit for every database, and cut where there is too much."""
        number = len(self.pages) + 1
        room = min(MAX_PAGE_CHARACTERS, MAX_TEXT_CHARACTERS - self._characters)
        kept = clean_text(text)
        if len(kept) > room:
            kept = kept[:room]
            self.warn(f"the text of page {number} was cut to {room} characters")
        self._characters += len(kept)
        self.pages.append(kept)

    def warn(self, warning: str) -> None:
        """Add a warning, unless there are enough."""
        if len(self.warnings) < _MAX_WARNINGS:
            self.warnings.append(warning)


def clean_text(text: str) -> str:
    """Drop what no database keeps or nobody can see; lines end in a line feed."""
    whole = text.encode("utf-8", "ignore").decode()  # lone surrogates
    lines = whole.replace("\r\n", "\n").replace("\r", "\n")
    # NUL is refused by Postgres; PDFium writes U+FFFE for a hyphen at a line's end.
    return lines.translate({0: None, 0xFFFE: None, 0xFFFF: None}).strip()
