"""Reading documents in a process of their own, with limits on time and memory."""

import multiprocessing
from concurrent.futures import TimeoutError as FutureTimeout
from pathlib import Path

from pebble import ProcessExpired, ProcessPool

from services.ingest.documents.content import DocumentContent
from services.ingest.documents.formats import DocumentFormat
from services.ingest.documents.read import prepare, read_document
from services.ingest.errors import DocumentCrashed, DocumentTimeout

_MEMORY_BYTES = 1024**3
_TIME_S = 120.0
# A worker is replaced now and then, for what a library may not have given back.
_DOCUMENTS_PER_WORKER = 100


class DocumentReader:
    """A pool of processes that read documents. Safe to share between threads.

    PDFium is not thread-safe and documents are hostile, so each is read by one process
    alone, which is killed when it takes too long and replaced when it dies.
    """

    def __init__(
        self, workers: int = 1, *, time_s: float = _TIME_S, memory_bytes: int = _MEMORY_BYTES
    ) -> None:
        self._time_s = time_s
        self._pool = ProcessPool(
            max_workers=workers,
            max_tasks=_DOCUMENTS_PER_WORKER,
            initializer=prepare,
            initargs=(memory_bytes,),
            # A fork would copy the threads and locks of gRPC.
            context=multiprocessing.get_context("spawn"),
        )

    def read(self, path: Path, document_format: DocumentFormat) -> DocumentContent:
        """Read a document, waiting for a free process.

        Raises:
            DocumentError: it cannot be read; the text says why.
        """
        future = self._pool.schedule(
            read_document, args=(path, document_format), timeout=self._time_s
        )
        try:
            content: DocumentContent = future.result()
        except FutureTimeout as error:
            raise DocumentTimeout(f"reading took longer than {self._time_s:g} seconds") from error
        except ProcessExpired as error:
            raise DocumentCrashed("the process that read the document died of it") from error
        return content

    def close(self) -> None:
        """End the processes, what they are reading included."""
        self._pool.stop()
        self._pool.join()
