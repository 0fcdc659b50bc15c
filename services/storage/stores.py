"""Which driver the settings choose. A driver and its SDK are imported when it is chosen."""

from typing import NamedTuple

from services.storage.settings import StorageSettings
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

    An Azure account chooses Azure Blob; else an S3 endpoint chooses S3; else the data
    folder keeps the objects.

    Raises:
        StoreError: it cannot be opened.
        OSError: the data folder cannot be used.
    """
    if settings.azure_account:
        return _azure(settings)
    if settings.s3_endpoint:
        return _s3(settings)
    return _filesystem(settings)


def described(settings: StorageSettings) -> str:
    """Name the variable that chose the store, with its value."""
    if settings.azure_account:
        return f"AZURE_STORAGE_ACCOUNT={settings.azure_account}"
    if settings.s3_endpoint:
        return f"S3_ENDPOINT={settings.s3_endpoint}"
    return f"TINTYPE_DATA_DIR={settings.data_dir}"


def _azure(settings: StorageSettings) -> Stores:
    """Open the container of an Azure storage account."""
    from storage.drivers.azure import AzureOptions, AzureStore  # noqa: PLC0415  # see above

    store = AzureStore(
        AzureOptions(
            account=settings.azure_account,
            key=settings.azure_key.get_secret_value(),
            container=settings.azure_container,
            endpoint=settings.azure_endpoint,
            public_endpoint=settings.azure_public_endpoint,
            create_container=settings.create_bucket,
            timeout_s=settings.store_timeout.total_seconds(),
        )
    )
    return Stores(store, store)


def _s3(settings: StorageSettings) -> Stores:
    """Open the bucket of an S3 server."""
    from storage.drivers.s3 import S3Options, S3Store  # noqa: PLC0415

    store = S3Store(
        S3Options(
            endpoint=settings.s3_endpoint,
            access_key=settings.s3_access_key,
            secret_key=settings.s3_secret_key.get_secret_value(),
            bucket=settings.s3_bucket,
            region=settings.s3_region,
            public_endpoint=settings.s3_public_endpoint,
            create_bucket=settings.create_bucket,
            timeout_s=settings.store_timeout.total_seconds(),
        )
    )
    return Stores(store, store)


def _filesystem(settings: StorageSettings) -> Stores:
    """Open the data folder; the edge answers its signed URLs."""
    from storage.drivers.filesystem import FilesystemStore  # noqa: PLC0415

    store = FilesystemStore(settings.data_dir / "objects")
    return Stores(store, EdgeUrls(load_secret(settings.data_dir), settings.public_base_url))
