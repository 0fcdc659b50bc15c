"""All that can go wrong with an asset, in the catalog's own words."""

from tintype.ingest.v1 import asset_pb2


class FetchError(Exception):
    """A URL could not be fetched. The text is meant for the caller."""

    def __init__(self, message: str, **metadata: str) -> None:
        super().__init__(message)
        self.metadata = metadata


class UrlRefused(FetchError):
    """The URL, or one it redirects to, is none that may be fetched: it is not public."""


class NotFetchable(FetchError):
    """What is at the URL cannot be had, and waiting does not cure it."""


class FetchFailed(FetchError):
    """The fetch broke off; waiting may help."""

    def __init__(self, message: str, *, retry_after_s: float = 5.0, **metadata: str) -> None:
        super().__init__(message, **metadata)
        self.retry_after_s = retry_after_s


class DocumentError(Exception):
    """Something is wrong with a document. The text is meant for the caller."""


class UnsupportedDocument(DocumentError):
    """The bytes are no document that is allowed in; the text says what they look like."""


class DamagedDocument(DocumentError):
    """The bytes begin like a document but cannot be read."""


class EncryptedDocument(DocumentError):
    """The document asks for a password."""


class DocumentTooLarge(DocumentError):
    """The document has more bytes, pages or unpacked content than is read."""


class DocumentCrashed(DocumentError):
    """The process that read the document died of it."""


class DocumentTimeout(DocumentError):
    """Reading the document took longer than it may."""


class AssetError(Exception):
    """Something is wrong with an asset or with what is asked of it."""


class AssetNotFound(AssetError):
    """The owner has no such asset."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no asset {name!r}")
        self.metadata = {"asset": name}


class CatalogUnavailable(AssetError):
    """The catalog's database did not answer; waiting may help."""

    retry_after_s = 1.0

    def __init__(self) -> None:
        super().__init__("the catalog does not answer")


class NotRetryable(AssetError):
    """A failed asset has nothing left that it could be made from."""

    def __init__(self, asset_id: str) -> None:
        super().__init__(f"asset {asset_id!r} has nothing left to try again with: ingest it anew")


class ExternalIdTaken(AssetError):
    """The owner has an asset with this external id already."""

    def __init__(self, external_id: str) -> None:
        super().__init__(f"there is an asset with the external_id {external_id!r} already")


class ContentTaken(AssetError):
    """The owner has an asset with the same bytes already: `asset`."""

    def __init__(self, asset: asset_pb2.Asset) -> None:
        super().__init__(f"asset {asset.id} has the same bytes")
        self.asset = asset


class WrongState(AssetError):
    """An asset is in a state that does not allow what is asked."""

    def __init__(self, action: str, state: str, needed: tuple[str, ...]) -> None:
        allowed = " or ".join(needed)
        super().__init__(f"cannot {action} an asset that is {state}; it must be {allowed}")
        self.metadata = {"state": state, "needed": ",".join(needed)}


class ColorsMissing(AssetError):
    """An image does not have its five sampled colours."""

    def __init__(self, count: int) -> None:
        super().__init__(f"the asset has {count} sampled colours; finalizing needs exactly five")


class AssetChanged(AssetError):
    """The asset is not as the caller saw it."""

    def __init__(self, wanted: str, found: str) -> None:
        super().__init__(f"the asset has the etag {found!r}, not {wanted!r}: read it again")
        self.metadata = {"etag": found}
