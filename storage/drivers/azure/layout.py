"""How one object lies in Azure: in properties, in its record, and what they say together."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from datetime import UTC
from typing import NamedTuple

from azure.storage.blob import BlobProperties, ContentSettings

from storage.drivers.azure.connection import AzureConnection
from storage.drivers.azure.errors import store_errors
from storage.drivers.record import Record, ascii_header, check_size, decode_record
from storage.errors import DataCorrupted, ObjectNotFound, StoreError
from storage.store import DEFAULT_CONTENT_TYPE, ObjectInfo, PutInfo

# No key may begin with a slash, so nothing under this prefix is an object of a caller.
HIDDEN = "/tintype/"
RECORDS = f"{HIDDEN}records/"
_ID = "tintype_id"
_RECORD = "tintype_record"
_KEY = "tintype_key"
# Azure takes 8 KiB of metadata in all.
_INLINE_BYTES = 5000
_LOOKS = 3


class Found(NamedTuple):
    """The object that is there.

    Attributes:
        put_id: which put stored it; empty if somebody else did.
        record: None if somebody else stored it.
        is_record_hidden: the record lies beside the object.
    """

    key: str
    properties: BlobProperties
    put_id: str
    record: Record | None
    is_record_hidden: bool

    @property
    def etag(self) -> str:
        """Without quotes."""
        return str(self.properties.etag).strip('"')

    @property
    def size_bytes(self) -> int:
        """Size of the object."""
        return int(self.properties.size)

    def info(self) -> ObjectInfo:
        """Return the object's info; of what somebody else stored, as Azure has it."""
        if self.record is not None:
            return self.record.info(self.key, self.etag)
        settings = self.properties.content_settings
        return ObjectInfo(
            key=self.key,
            size_bytes=self.size_bytes,
            etag=self.etag,
            modify_time=self.properties.last_modified.astimezone(UTC),
            content_type=settings.content_type or DEFAULT_CONTENT_TYPE,
            cache_control=settings.cache_control or "",
            content_disposition=settings.content_disposition or "",
            user_metadata=dict(self.properties.metadata or {}),
        )


def store_record(azure: AzureConnection, key: str, put_id: str, record: Record) -> dict[str, str]:
    """Return the metadata to store an object with.

    A record that is too long for it is stored beside the object, before the object
    becomes visible.
    """
    text = record.encode()
    if len(text) <= _INLINE_BYTES:
        return {_ID: put_id, _RECORD: urlsafe_b64encode(text).decode()}
    about = {_KEY: urlsafe_b64encode(key.encode()).decode()}
    blob = azure.blob(RECORDS + put_id)
    with store_errors(azure.options):
        azure.call(lambda: blob.upload_blob(text, overwrite=True, metadata=about))
    return {_ID: put_id}


def record_key(blob: BlobProperties) -> str:
    """Return which object a record is about, for the sweep."""
    return urlsafe_b64decode(blob.metadata[_KEY]).decode()


def delete_record(azure: AzureConnection, put_id: str) -> None:
    """Remove a record that no object needs, if it is there."""
    with suppress(StoreError), store_errors(azure.options, RECORDS):
        azure.blob(RECORDS + put_id).delete_blob()


def content_settings(info: PutInfo) -> ContentSettings:
    """Return the headers that the object is served with."""
    return ContentSettings(
        content_type=ascii_header(info.content_type),
        cache_control=ascii_header(info.cache_control) or None,
        content_disposition=ascii_header(info.content_disposition) or None,
    )


def find(azure: AzureConnection, key: str) -> Found:
    """Look at the object at a key.

    Raises:
        ObjectNotFound: there is none.
        DataCorrupted: its record is damaged or missing.
    """
    for _ in range(_LOOKS):
        with store_errors(azure.options, key):
            properties = azure.call(azure.blob(key).get_blob_properties)
        metadata = properties.metadata or {}
        put_id, encoded = metadata.get(_ID, ""), metadata.get(_RECORD, "")
        try:
            text = urlsafe_b64decode(encoded) or (_read_record(azure, put_id) if put_id else b"")
        except ObjectNotFound:
            continue  # a record goes only after its object went: look at what is there now
        record = decode_record(text, key) if text else None
        if record is not None:
            check_size(key, properties.size, record)
        return Found(key, properties, put_id, record, bool(put_id and not encoded))
    raise DataCorrupted(f"the record of {key!r} is missing", key=key)


def _read_record(azure: AzureConnection, put_id: str) -> bytes:
    """Fetch the record that lies beside an object."""
    with store_errors(azure.options, RECORDS):
        return bytes(azure.blob(RECORDS + put_id).download_blob().readall())
