"""All that can go wrong with an asset, in the catalog's own words."""


class AssetError(Exception):
    """Something is wrong with an asset or with what is asked of it."""


class AssetNotFound(AssetError):
    """The owner has no such asset."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no asset {name!r}")
        self.metadata = {"asset": name}


class ExternalIdTaken(AssetError):
    """The owner has an asset with this external id already."""

    def __init__(self, external_id: str) -> None:
        super().__init__(f"there is an asset with the external_id {external_id!r} already")


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
