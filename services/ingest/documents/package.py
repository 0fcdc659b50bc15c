"""The ZIP package of an Office file: its parts, unpacked within bounds.

ECMA-376, part 2: Open Packaging Conventions.
"""

import lzma
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.ingest.documents.formats import HEAD_BYTES, is_encrypted_office
from services.ingest.documents.xml import read_events
from services.ingest.errors import DamagedDocument, DocumentTooLarge, EncryptedDocument

_MAX_MEMBERS = 20_000
# Unpacked XML of all parts together. A text of 50 MB of XML is a book of 10,000 pages.
_MAX_UNPACKED_BYTES = 128_000_000
_READ_BYTES = 65536
_ENCRYPTED_FLAG = 0x1
_PROTECTED = "the Office file is protected by a password"
# All that zipfile and the decompressors under it raise when an archive is not what it says.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    ValueError,
)


class Package:
    """An open Office file. Every byte that is unpacked counts against one budget."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._unpacked_bytes = 0
        if len(archive.infolist()) > _MAX_MEMBERS:
            raise DocumentTooLarge(f"the file has more than {_MAX_MEMBERS} members")

    def has(self, part: str) -> bool:
        """Tell whether there is a part of this name."""
        return part in self._archive.NameToInfo

    def chunks(self, part: str) -> Iterator[bytes]:
        """Unpack a part, piece by piece.

        Raises:
            DamagedDocument: it is missing, or cannot be unpacked.
            EncryptedDocument: it asks for a password.
            DocumentTooLarge: the budget is used up.
        """
        info = self._archive.NameToInfo.get(part)
        if info is None:
            raise DamagedDocument(f"the Office file is damaged: it has no {part}")
        if info.flag_bits & _ENCRYPTED_FLAG:
            raise EncryptedDocument(_PROTECTED)
        try:
            with self._archive.open(info) as file:
                while chunk := file.read(_READ_BYTES):
                    self._count(len(chunk))
                    yield chunk
        except _BROKEN as error:
            raise DamagedDocument(f"the Office file is damaged in {part}: {error}") from error

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return what a part refers to: by id, the last word of the type and the target part.

        The package itself is the part "".
        """
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, tuple[str, str]] = {}
        if not self.has(rels):
            return found
        for kind, tag, attributes in read_events(self.chunks(rels)):
            if kind == "start" and tag == "Relationship":
                word = attributes.get("Type", "").rpartition("/")[2]
                target = posixpath.join("/", folder, attributes.get("Target", ""))
                found[attributes.get("Id", "")] = (word, posixpath.normpath(target).lstrip("/"))
        return found

    def main_part(self) -> str:
        """Return the name of the part that the document begins with."""
        for word, target in self.relations("").values():
            if word == "officeDocument":
                return target
        raise DamagedDocument("the Office file is damaged: it does not say where it begins")

    def _count(self, size_bytes: int) -> None:
        self._unpacked_bytes += size_bytes
        if self._unpacked_bytes > _MAX_UNPACKED_BYTES:
            raise DocumentTooLarge(f"the file unpacks to more than {_MAX_UNPACKED_BYTES} bytes")


@contextmanager
def open_package(path: Path) -> Iterator[Package]:
    """Open an Office file.

    Raises:
        EncryptedDocument: it asks for a password.
        DamagedDocument: it is no whole ZIP archive.
        DocumentTooLarge: it has too many members.
    """
    with path.open("rb") as file:
        if is_encrypted_office(file.read(HEAD_BYTES)):
            raise EncryptedDocument(_PROTECTED)
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise DamagedDocument(f"the Office file is damaged: {error}") from error
    with archive:
        yield Package(archive)
