"""What is known about a resumable upload: one hidden object that every step replaces."""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, field, replace

from storage.drivers.parts import SentPart
from storage.drivers.record import Tally, decode_record
from storage.store import ObjectInfo, PutInfo


@dataclass(frozen=True)
class UploadState:
    """One version of what is known.

    Attributes:
        key: where the object will be.
        info: how it will be stored.
        parts_id: what the backend calls the place that the parts wait in; empty until
            there is one.
        parts: those that count. The backend may have others, of writers that lost.
        next_number: the part that comes next. Every writer skips one when it begins,
            because the writer before may still be sending that one.
        size_bytes, crc32c, block_crcs: of all parts.
        record: of the object, once it is visible.
        object_etag: of the object, once it is visible.
        version: etag of the hidden object that said all this.
    """

    key: str
    info: PutInfo
    parts_id: str = ""
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


def encode_state(state: UploadState) -> bytes:
    """Write a state down; the version is not part of it."""
    fields = {
        **vars(state),
        "info": {name: value for name, value in vars(state.info).items() if name != "sha256"},
        "block_crcs": b64encode(state.block_crcs).decode(),
        "record": state.record.decode(),
    }
    del fields["version"]
    return json.dumps(fields, sort_keys=True).encode()


def decode_state(encoded: bytes, version: str) -> UploadState:
    """Read what `encode_state` wrote."""
    fields = json.loads(encoded)
    fields["info"] = PutInfo(**fields["info"])
    fields["parts"] = tuple(SentPart(*part) for part in fields["parts"])
    fields["block_crcs"] = b64decode(fields["block_crcs"])
    fields["record"] = fields["record"].encode()
    return UploadState(**fields, version=version)
