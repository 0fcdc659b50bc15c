"""Where an image's objects lie in the store: dated keys under the upload prefix."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

# Folder and suffix of every derivative, by its name.
_PLACES = {
    "preview": ("preview", "preview"),
    "small": ("low", "w320"),
    "medium": ("high", "w1280"),
    "large": ("high", "w1920"),
}
_MAX_STEM_CHARACTERS = 80
# First segment of every document's key; no upload prefix may begin with it.
DOCUMENT_PREFIX = "documents"


@dataclass(frozen=True)
class Layout:
    """The keys of one image.

    Attributes:
        folder: the upload prefix and the date, as "media-uploads/2026/11_21".
        file: the last segment of the original's key; every derivative's begins with it.
    """

    folder: str
    file: str

    @classmethod
    def of_original(cls, key: str) -> "Layout":
        """Return the layout that an original's key belongs to."""
        folder, _, file = key.rsplit("/", 2)
        return cls(folder, file)

    def original_key(self) -> str:
        """Return the key of the original."""
        return f"{self.folder}/original/{self.file}"

    def derivative_key(self, name: str, extension: str) -> str:
        """Return the key of the "preview", "small", "medium" or "large" derivative."""
        folder, suffix = _PLACES[name]
        return f"{self.folder}/{folder}/{self.file}-{suffix}.{extension}"


def image_layout(
    upload_prefix: str, time: datetime, asset_id: str, file_name: str, extension: str
) -> Layout:
    """Lay out the keys of an image that was accepted at `time`, which is in UTC.

    The asset's id in the file's name makes the keys unique and unguessable; the name
    it came with is kept in front of it, for those who look into the bucket.
    """
    stem = safe_stem(file_name)
    file = f"{stem}-{asset_id}.{extension}" if stem else f"{asset_id}.{extension}"
    return Layout(f"{upload_prefix}/{time:%Y/%m_%d}", file)


def document_layout(time: datetime, asset_id: str, file_name: str, extension: str) -> Layout:
    """Lay out the keys of a document, outside the folder that everyone may read."""
    return image_layout(DOCUMENT_PREFIX, time, asset_id, file_name, extension)


def safe_file_name(file_name: str) -> str:
    """Return the last segment of a name as a person may see it: no control characters."""
    segment = re.split(r"[/\\]", file_name)[-1]
    return "".join(c for c in segment if unicodedata.category(c)[0] != "C").strip()[:255]


def safe_stem(file_name: str) -> str:
    """Return a file name's stem in lower case ASCII letters, digits and "-"; may be empty."""
    stem = safe_file_name(file_name).rpartition(".")[0] or safe_file_name(file_name)
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:_MAX_STEM_CHARACTERS].strip("-")
