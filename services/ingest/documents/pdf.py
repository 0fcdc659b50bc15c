"""Reading PDF with PDFium. Runs in the document process only: PDFium is not thread-safe."""

import math
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium

from services.ingest.documents.content import MAX_PAGE_CHARACTERS, MAX_PAGES, DocumentContent
from services.ingest.errors import DamagedDocument, DocumentTooLarge, EncryptedDocument

PREVIEW_WIDTH_PX = 800
# A page may be a strip of any length; its preview may not.
MAX_PREVIEW_HEIGHT_PX = 3200
_PREVIEW_QUALITY = 82
_ERR_PASSWORD, _ERR_SECURITY = 4, 5  # fpdfview.h


def read_pdf(path: Path) -> DocumentContent:
    """Read all pages' text and draw page 1.

    Raises:
        EncryptedDocument: it asks for a password.
        DamagedDocument: PDFium cannot open it, or it has no page.
        DocumentTooLarge: it has too many pages.
    """
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if error.err_code in (_ERR_PASSWORD, _ERR_SECURITY):
            raise EncryptedDocument("the PDF document is protected by a password") from error
        raise DamagedDocument("the PDF document is damaged: it cannot be opened") from error
    try:
        return _read(document)
    finally:
        document.close()


def _read(document: pdfium.PdfDocument) -> DocumentContent:
    content = DocumentContent(page_count=len(document))
    if not content.page_count:
        raise DamagedDocument("the PDF document is damaged: it has no page")
    if content.page_count > MAX_PAGES:
        raise DocumentTooLarge(f"the document has {content.page_count} pages, over {MAX_PAGES}")
    for index in range(content.page_count):
        try:
            page = document[index]
        except pdfium.PdfiumError:
            content.warn(f"page {index + 1} is damaged and cannot be read")
            content.add_page("")
            continue
        content.add_page(_text(page))
        if index == 0:
            _draw(page, content)
        page.close()
    return content


def _text(page: pdfium.PdfPage) -> str:
    """Return a page's text as PDFium orders it; one character more than is kept, at most."""
    textpage = page.get_textpage()
    try:
        count = min(textpage.count_chars(), MAX_PAGE_CHARACTERS + 1)
        text: str = textpage.get_text_range(0, count) if count > 0 else ""
    finally:
        textpage.close()
    return text


def _draw(page: pdfium.PdfPage, content: DocumentContent) -> None:
    """Draw a page on white, 800 pixels wide unless that makes it too tall."""
    width, height = page.get_size()
    if not (width > 0 and height > 0 and math.isfinite(width * height)):
        content.warn("page 1 has no area to draw")
        return
    # PDFium's size is rounded up, and a product of floats may be a little too large.
    scale = min((PREVIEW_WIDTH_PX - 0.01) / width, (MAX_PREVIEW_HEIGHT_PX - 0.01) / height)
    try:
        bitmap = page.render(scale=scale)
    except (pdfium.PdfiumError, ValueError):
        content.warn("page 1 cannot be drawn")
        return
    image = bitmap.to_pil().convert("RGB")
    encoded = BytesIO()
    image.save(encoded, "JPEG", quality=_PREVIEW_QUALITY, optimize=True)
    content.preview, content.preview_size_px = encoded.getvalue(), image.size
