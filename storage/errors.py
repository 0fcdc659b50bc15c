"""All that can go wrong with a store, in the store's own words."""


class StoreError(Exception):
    """Something is wrong with an object or the store.

    The text is meant for the caller: it names what was wrong, with the value.
    """

    def __init__(self, message: str, **metadata: str) -> None:
        super().__init__(message)
        self.metadata = metadata


class ObjectNotFound(StoreError):
    """There is no object at the key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"no object at {key!r}", key=key)


class ObjectExists(StoreError):
    """A create-only write met an object."""

    def __init__(self, key: str) -> None:
        super().__init__(f"there is an object at {key!r} already", key=key)


class EtagMismatch(StoreError):
    """The object at the key is not the one that the condition names."""

    def __init__(self, key: str, wanted: str, found: str) -> None:
        super().__init__(f"{key!r} has the etag {found!r}, not {wanted!r}", key=key, etag=found)


class InvalidKey(StoreError):
    """A key breaks the key rules."""


class InvalidRange(StoreError):
    """A range or an upload offset lies where there is nothing."""


class ChecksumMismatch(StoreError):
    """Content that came in does not have the SHA-256 or CRC-32C it should have."""


class SizeMismatch(StoreError):
    """An upload is not as long as was said at its start."""


class DataCorrupted(StoreError):
    """Stored bytes no longer have their checksum."""


class UploadNotFound(StoreError):
    """There is no such resumable upload, or no longer."""

    def __init__(self, upload_id: str) -> None:
        super().__init__(f"no upload {upload_id!r}; it may have been aborted or swept")


class UploadConflict(StoreError):
    """Another writer holds the upload; it may be one whose connection just broke."""

    retry_after_s = 1.0


class StoreUnavailable(StoreError):
    """The backend did not answer; waiting may help."""

    retry_after_s = 1.0


class StoreFull(StoreError):
    """There is no room for the bytes."""


class StoreReadOnly(StoreError):
    """The backend takes no writes."""


class AccessDenied(StoreError):
    """The backend refuses the credentials it was given."""


class BucketMissing(StoreError):
    """The bucket or container is not there."""
