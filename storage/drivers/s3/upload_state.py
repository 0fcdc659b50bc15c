"""What is known about a resumable upload: one hidden object that every step replaces.

Every write of it names the version it replaces, so of two writers that both believe
the upload to be theirs only one goes on. Nothing about an upload is kept in a process.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, field, replace

from storage.drivers.record import Tally, decode_record
from storage.drivers.s3.connection import S3Connection
from storage.drivers.s3.errors import ConditionNotMet, store_errors
from storage.drivers.s3.layout import HIDDEN
from storage.drivers.s3.multipart import SentPart
from storage.errors import ObjectNotFound, UploadConflict, UploadNotFound
from storage.store import ObjectInfo, PutInfo

UPLOADS = f"{HIDDEN}uploads/"


@dataclass(frozen=True)
class UploadState:
    """One version of what is known.

    Attributes:
        key: where the object will be.
        info: how it will be stored.
        multipart_id: the multipart upload that holds the parts; empty until there is one.
        parts: those that count. The server may have others, of writers that lost.
        next_number: the part that comes next. Every writer skips one when it begins,
            because the writer before may still be sending that one.
        size_bytes, crc32c, block_crcs: of all parts.
        record: of the object, once it is visible.
        object_etag: of the object, once it is visible.
        version: etag of the hidden object that said all this.
    """

    key: str
    info: PutInfo
    multipart_id: str = ""
    parts: tuple[SentPart, ...] = ()
    next_number: int = 1
    size_bytes: int = 0
    crc32c: int = 0
    block_crcs: bytes = b""
    record: bytes = b""
    object_etag: str = ""
    version: str = field(default="", compare=False)

    def tally(self) -> Tally:
        """Return a tally that stands where the parts end."""
        return Tally.resumed(self.size_bytes, self.crc32c, self.block_crcs)

    def with_part(self, part: SentPart, tally: Tally) -> "UploadState":
        """Return the state with one more part, after which the tally stands at `tally`."""
        return replace(
            self,
            parts=(*self.parts, part),
            next_number=part.number + 1,
            size_bytes=tally.size_bytes,
            crc32c=tally.crc32c,
            block_crcs=tally.block_crcs(),
        )

    def finished(self) -> ObjectInfo | None:
        """Return what the upload became; None while it is open."""
        if not self.record:
            return None
        return decode_record(self.record, self.key).info(self.key, self.object_etag)


def load(s3: S3Connection, upload_id: str) -> UploadState:
    """Read the state of an upload.

    Raises:
        UploadNotFound: there is none.
    """
    if not (upload_id.isascii() and upload_id.isalnum()):
        raise UploadNotFound(upload_id)
    try:
        with store_errors(s3, UPLOADS + upload_id):
            answer = s3.request("GET", UPLOADS + upload_id)
    except ObjectNotFound:
        raise UploadNotFound(upload_id) from None
    return _decode(answer.body, answer.headers["ETag"].strip('"'))


def save(s3: S3Connection, upload_id: str, state: UploadState) -> UploadState:
    """Replace the version that `state` was made of; returns it with its new version.

    Raises:
        UploadConflict: another writer has replaced it, or removed it.
    """
    headers = {"If-Match": f'"{state.version}"'} if state.version else {"If-None-Match": "*"}
    try:
        with store_errors(s3, UPLOADS + upload_id):
            answer = s3.put(UPLOADS + upload_id, _encode(state), headers=headers)
        version = answer.headers["ETag"].strip('"')
    except (ConditionNotMet, ObjectNotFound):
        version = _settled(s3, upload_id, state)
    return replace(state, version=version)


def remove(s3: S3Connection, upload_id: str) -> None:
    """Forget an upload."""
    with store_errors(s3, UPLOADS + upload_id):
        s3.request("DELETE", UPLOADS + upload_id)


def _settled(s3: S3Connection, upload_id: str, state: UploadState) -> str:
    """Return the version that is there if it is ours, written by a request sent twice."""
    try:
        there = load(s3, upload_id)
    except UploadNotFound:
        raise UploadConflict(f"the upload {upload_id!r} was removed meanwhile") from None
    if _encode(there) != _encode(state):
        raise UploadConflict(f"another writer went on with the upload {upload_id!r}")
    return there.version


def _encode(state: UploadState) -> bytes:
    fields = {
        **vars(state),
        "info": {name: value for name, value in vars(state.info).items() if name != "sha256"},
        "block_crcs": b64encode(state.block_crcs).decode(),
        "record": state.record.decode(),
    }
    del fields["version"]
    return json.dumps(fields, sort_keys=True).encode()


def _decode(encoded: bytes, version: str) -> UploadState:
    fields = json.loads(encoded)
    fields["info"] = PutInfo(**fields["info"])
    fields["parts"] = tuple(SentPart(*part) for part in fields["parts"])
    fields["block_crcs"] = b64decode(fields["block_crcs"])
    fields["record"] = fields["record"].encode()
    return UploadState(**fields, version=version)
