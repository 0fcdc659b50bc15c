"""One multipart upload: the requests it is made of."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from minio.xml import findall

from storage.drivers.parts import MIB, Part, SentPart
from storage.drivers.s3.connection import S3Connection, crc_text
from storage.drivers.s3.errors import NoSuchUpload, store_errors
from storage.drivers.s3.refusal import find_text, parse_xml
from storage.errors import StoreError, StoreUnavailable

# S3 takes 10,000 parts of at least 5 MiB (but the last) and objects of 5 TiB.
SCHEDULE = ((1_000, 8 * MIB), (4_000, 64 * MIB), (5_000, 1024 * MIB))
# A part of this size has the time of any request; a larger one has as much more.
_USUAL_BYTES = 8 * MIB


@dataclass
class Multipart:
    """A multipart upload that is open at the server. Not for several threads at once."""

    s3: S3Connection
    key: str
    upload_id: str
    parts: list[SentPart] = field(default_factory=list)

    def send(self, part: Part, number: int) -> None:
        """Send one part; the server compares its checksum."""
        try:
            with store_errors(self.s3, self.key):
                answer = self.s3.put(
                    self.key,
                    part.content,
                    part.crc32c,
                    query=self._query(number),
                    timeout_s=self._timeout_s(len(part.content)),
                )
        except NoSuchUpload:
            raise StoreUnavailable(
                f"the parts of {self.key!r} were removed while they were being sent"
            ) from None
        etag = answer.headers.get("ETag", "").strip('"')
        self.parts.append(SentPart(number, etag, part.crc32c))

    def copy(
        self, source_key: str, source_etag: str, first: int, end: int, number: int
    ) -> SentPart:
        """Return a part made of the bytes `first` to `end` (exclusive) of an object.

        Raises:
            ConditionNotMet: the object no longer has this etag.
        """
        with store_errors(self.s3, source_key):
            answer = self.s3.request(
                "PUT",
                self.key,
                query=self._query(number),
                headers={
                    "x-amz-copy-source": self.s3.path(source_key),
                    "x-amz-copy-source-if-match": f'"{source_etag}"',
                    "x-amz-copy-source-range": f"bytes={first}-{end - 1}",
                },
                timeout_s=self._timeout_s(end - first),
            )
        etag = find_text(parse_xml(answer.body), "ETag")
        return SentPart(number, etag.strip('"'), None)

    def complete(self, conditions: Mapping[str, str], crc32c: int | None) -> str:
        """Make the object visible and return its etag.

        Args:
            conditions: headers, decided at the moment the object would become visible.
            crc32c: of the whole, for the server to compare where it knows every part's;
                None: it is not known.

        Raises:
            ConditionNotMet: one does not hold.
            NoSuchUpload: it was completed by a request whose answer was lost, or aborted.
        """
        headers = {"Content-Type": "application/xml", **conditions}
        if crc32c is not None and all(part.crc32c is not None for part in self.parts):
            headers["x-amz-checksum-crc32c"] = crc_text(crc32c)
            headers["x-amz-checksum-type"] = "FULL_OBJECT"
        with store_errors(self.s3, self.key):
            answer = self.s3.request(
                "POST",
                self.key,
                query={"uploadId": self.upload_id},
                headers=headers,
                body=_parts_xml(self.parts),
                timeout_s=self._timeout_s(len(self.parts) * MIB),
            )
        result = parse_xml(answer.body)
        if find_text(result, "Code"):
            # S3 answers 200 before it knows, and then says here that it failed.
            raise StoreUnavailable(
                f"completing {self.key!r} failed: {find_text(result, 'Code')}: "
                f"{find_text(result, 'Message')}"
            )
        return find_text(result, "ETag").strip('"')

    def abort(self) -> None:
        """Remove the parts. If that fails, the sweep does it."""
        with suppress(StoreError, NoSuchUpload), store_errors(self.s3, self.key):
            self.s3.request("DELETE", self.key, query={"uploadId": self.upload_id})

    def _query(self, number: int) -> dict[str, str]:
        return {"partNumber": str(number), "uploadId": self.upload_id}

    def _timeout_s(self, size_bytes: int) -> float:
        return self.s3.options.timeout_s * max(1.0, size_bytes / _USUAL_BYTES)


def start_multipart(
    s3: S3Connection, key: str, headers: Mapping[str, str], *, checksums: bool
) -> Multipart:
    """Open a multipart upload; the object will have `headers`.

    `checksums`: every part will carry its CRC-32C, and the whole as well. Not for copies.
    """
    wanted = {"x-amz-checksum-algorithm": "CRC32C", "x-amz-checksum-type": "FULL_OBJECT"}
    with store_errors(s3, key):
        answer = s3.request(
            "POST", key, query={"uploads": ""}, headers={**headers, **(wanted if checksums else {})}
        )
    return Multipart(s3, key, find_text(parse_xml(answer.body), "UploadId"))


def list_multiparts(s3: S3Connection) -> Iterator[tuple[Multipart, datetime]]:
    """Yield every multipart upload that is open in the bucket, and when it was begun."""
    query = {"uploads": ""}
    while True:
        with store_errors(s3):
            root = parse_xml(s3.request("GET", query=query).body)
        for upload in findall(root, "Upload"):
            begun = datetime.fromisoformat(find_text(upload, "Initiated"))
            yield Multipart(s3, find_text(upload, "Key"), find_text(upload, "UploadId")), begun
        if find_text(root, "IsTruncated") != "true":
            return
        query |= {
            "key-marker": find_text(root, "NextKeyMarker"),
            "upload-id-marker": find_text(root, "NextUploadIdMarker"),
        }


def _parts_xml(parts: list[SentPart]) -> bytes:
    """Write the body that completes an upload."""
    root = Element("CompleteMultipartUpload", xmlns="http://s3.amazonaws.com/doc/2006-03-01/")
    for part in parts:
        element = SubElement(root, "Part")
        SubElement(element, "PartNumber").text = str(part.number)
        SubElement(element, "ETag").text = f'"{part.etag}"'
        if part.crc32c is not None:
            SubElement(element, "ChecksumCRC32C").text = crc_text(part.crc32c)
    return tostring(root)
