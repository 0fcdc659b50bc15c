"""What stands behind the content in an object's file.

    content | runs | metadata | trailer

Content begins at byte 0, so that an operator's tools can read it. `runs` has the
length and CRC-32C of every run of content, two 32-bit numbers each; metadata is
JSON; the trailer is of fixed size and tells where everything is. One file, because
content and metadata then become visible in one rename. Numbers are little-endian.
"""

import json
import os
import struct
from array import array
from dataclasses import asdict
from datetime import datetime
from typing import NamedTuple

from crc32c import crc32c

from storage.errors import DataCorrupted
from storage.store import ObjectInfo

_MAGIC = b"TINTYPE1"
# Magic, content bytes, bytes of runs, bytes of metadata, CRC-32C of all of the footer before it.
_TRAILER = struct.Struct("<8sQIII")
# Enough for the footer of most objects, so that one read gets it whole.
_TAIL_BYTES = 4096


class Footer(NamedTuple):
    """What is known about a stored file.

    Attributes:
        info: the object's.
        runs: length and CRC-32C of each run of the content, by turns.
    """

    info: ObjectInfo
    runs: "array[int]"


def encode(info: ObjectInfo, runs: "array[int]") -> bytes:
    """Return the bytes to write behind the content."""
    metadata = encode_info(info)
    body = runs.tobytes() + metadata
    start = _TRAILER.pack(_MAGIC, info.size_bytes, len(runs) * 4, len(metadata), 0)[:-4]
    return body + start + struct.pack("<I", crc32c(body + start))


def encode_info(info: ObjectInfo) -> bytes:
    """Return the info as JSON."""
    fields = asdict(info)
    fields["modify_time"] = info.modify_time.isoformat()
    fields["sha256"] = info.sha256.hex()
    return json.dumps(fields, separators=(",", ":")).encode()


def decode_info(metadata: bytes) -> ObjectInfo:
    """Return the info of its JSON."""
    fields = json.loads(metadata)
    fields["modify_time"] = datetime.fromisoformat(fields["modify_time"])
    fields["sha256"] = bytes.fromhex(fields["sha256"])
    return ObjectInfo(**fields)


def read(descriptor: int, key: str) -> Footer:
    """Read the footer of an open file.

    Raises:
        DataCorrupted: it is damaged, cut off, or was never there.
    """
    file_bytes = os.fstat(descriptor).st_size
    tail = os.pread(descriptor, _TAIL_BYTES, max(0, file_bytes - _TAIL_BYTES))
    if len(tail) < _TRAILER.size or tail[-_TRAILER.size :][:8] != _MAGIC:
        raise DataCorrupted(f"the file of {key!r} does not end as an object does", key=key)
    size_bytes, runs_bytes, metadata_bytes, checksum = _TRAILER.unpack_from(
        tail, len(tail) - _TRAILER.size
    )[1:]
    footer_bytes = runs_bytes + metadata_bytes + _TRAILER.size
    if size_bytes + footer_bytes != file_bytes:
        raise DataCorrupted(f"the file of {key!r} has not the length it should have", key=key)
    if footer_bytes > len(tail):
        tail = os.pread(descriptor, footer_bytes, size_bytes)
    footer = memoryview(tail)[len(tail) - footer_bytes :]
    if crc32c(footer[:-4]) != checksum:
        raise DataCorrupted(f"the metadata of {key!r} is damaged on the disk", key=key)
    runs = array("I")
    runs.frombytes(footer[:runs_bytes])
    return Footer(decode_info(bytes(footer[runs_bytes : runs_bytes + metadata_bytes])), runs)
