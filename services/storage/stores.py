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
    """Open the store that the settings name. Nothing is asked of a server yet.

    Raises:
        StoreError: it cannot be opened.
        OSError: the data folder cannot be used.
    """
    if settings.azure_account:
        return _open_azure(settings)
    if settings.s3_endpoint:
        return _open_s3(settings)
    store = FilesystemStore(settings.data_dir / "objects")
    secret = load_secret(settings.data_dir)
    return Stores(store, EdgeUrls(secret, settings.public_base_url))


def _open_azure(settings: StorageSettings) -> Stores:
    from storage.drivers.azure import AzureOptions, AzureStore  # noqa: PLC0415  # 0.3 s of SDK

    store = AzureStore(
        AzureOptions(
            account=settings.azure_account,
            key=settings.azure_key.get_secret_value(),
            container=settings.azure_container,
            endpoint=settings.azure_endpoint,
            public_endpoint=settings.azure_public_endpoint,
            create_container=settings.create_bucket,
            timeout_s=settings.store_timeout_s,
        )
    )
    return Stores(store, store)


def _open_s3(settings: StorageSettings) -> Stores:
    from storage.drivers.s3 import S3Options, S3Store  # noqa: PLC0415  # only if it is chosen

    store = S3Store(
        S3Options(
            endpoint=settings.s3_endpoint,
            access_key=settings.s3_access_key,
            secret_key=settings.s3_secret_key.get_secret_value(),
            bucket=settings.s3_bucket,
            region=settings.s3_region,
            public_endpoint=settings.s3_public_endpoint,
            create_bucket=settings.create_bucket,
            timeout_s=settings.store_timeout_s,
        )
    )
    return Stores(store, store)
