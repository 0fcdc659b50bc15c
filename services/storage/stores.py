"""Which driver the settings choose. SDKs are imported only when theirs is chosen."""

from typing import NamedTuple

from services.storage.settings import StorageSettings
from storage.drivers.filesystem import FilesystemStore
from storage.edge_urls import EdgeUrls, load_secret
from storage.uploads import UploadStore, UrlSigner


class Stores(NamedTuple):
    """What the storage process keeps its bytes in.

    Attributes:
        store: whoever opened it closes it.
        signer: issues URLs for its objects; the store itself where that can.
    """

    store: UploadStore
    signer: UrlSigner


def open_stores(settings: StorageSettings) -> Stores:
    """Open the store that the settings name.

    Raises:
        StoreError: it cannot be opened.
        OSError: the data folder cannot be used.
    """
    store = FilesystemStore(settings.data_dir / "objects")
    secret = load_secret(settings.data_dir)
    return Stores(store, EdgeUrls(secret, settings.public_base_url))
