"""What the document process runs: one document, read to the end.

Nothing heavy is imported here but what the document itself needs.
"""

import os
import resource
from multiprocessing import parent_process
from pathlib import Path
from threading import Thread

from services.ingest.documents.content import (
    MAX_DOCUMENT_BYTES,
    DocumentContent,
)
from services.ingest.documents.formats import DocumentFormat
from services.ingest.documents.office import read_docx, read_pptx, read_xlsx
from services.ingest.documents.pdf import read_pdf
from services.ingest.documents.text import read_text
from services.ingest.errors import DocumentTooLarge

_READERS = {
    DocumentFormat.PDF: read_pdf,
    DocumentFormat.TEXT: read_text,
    DocumentFormat.MARKDOWN: read_text,
    DocumentFormat.DOCX: read_docx,
    DocumentFormat.XLSX: read_xlsx,
    DocumentFormat.PPTX: read_pptx,
}


def prepare(limit_bytes: int) -> None:
    """Set up a fresh process: so much address space and no more, no core, no life of its own."""
    Thread(target=_end_with_parent, daemon=True).start()
    resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_with_parent() -> None:
    """End when the service was killed: nobody else keeps the time of a document that hangs."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def read_document(path: Path, document_format: DocumentFormat) -> DocumentContent:
    """Read a document.

    Raises:
        DocumentError: it cannot be read; the text says why.
    """
    size_bytes = path.stat().st_size
    if size_bytes > MAX_DOCUMENT_BYTES:
        raise DocumentTooLarge(f"the document has {size_bytes} bytes, over {MAX_DOCUMENT_BYTES}")
    try:
        content = _READERS[document_format](path)
        if document_format is not DocumentFormat.PDF:
            # Only here, in the document's process: OpenCV is large.
            from imaging.text_page import draw_text  # noqa: PLC0415

            content.preview, content.preview_size_px = draw_text("".join(content.pages[:1]))
    except MemoryError as error:
        raise DocumentTooLarge("reading the document takes more memory than it may") from error
    return content
