"""What the ingest process works with."""

from dataclasses import dataclass

from services.ingest.catalog.catalog import Catalog
from tintype.imaging.client import ImagingClient
from tintype.storage.client import StorageClient


@dataclass(frozen=True)
class Dependencies:
    """The services behind this one, the catalog, and the settings that every ingest heeds.

    Attributes:
        upload_prefix: first segments of every image's key.
        derivative_format: "auto", "webp", "avif" or "jpeg".
    """

    storage: StorageClient
    imaging: ImagingClient
    catalog: Catalog
    upload_prefix: str
    derivative_format: str

    def close(self) -> None:
        """Give up the connections."""
        self.storage.close()
        self.imaging.close()
