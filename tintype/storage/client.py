"""The client of the storage service."""

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from crc32c import crc32c

from tintype.errors import DataLoss, NotFound
from tintype.framing import Buffer
from tintype.storage.calls import Digest, precondition
from tintype.storage.reading import ObjectReader
from tintype.storage.uploads import UploadCalls
from tintype.storage.v1 import storage_pb2 as pb
from tintype.streams import Totals

__all__ = ["ObjectReader", "StorageClient"]


class StorageClient(UploadCalls):
    """Puts and gets objects. Safe to share between threads.

    Every method raises `tintype.errors.TintypeError`, and takes `timeout_s`: seconds
    after which the whole call, its stream included, ends with `DeadlineExceeded`;
    None waits for ever. Answers are the messages of the contract. Resumable uploads and
    signed URLs are in uploads.py.
    """

    def put(
        self,
        key: str,
        chunks: Iterable[Buffer],
        *,
        content_type: str = "",
        cache_control: str = "",
        content_disposition: str = "",
        user_metadata: Mapping[str, str] | None = None,
        size_bytes: int | None = None,
        create_only: bool = False,
        if_etag: str = "",
        sha256: Digest = b"",
        timeout_s: float | None = None,
    ) -> pb.ObjectInfo:
        """Store one object, whole or not at all.

        Args:
            key: where to; see the key rules in the contract.
            chunks: the content in runs of any size; about 1 MiB is best. If iterating
                it raises, nothing is stored and the error comes back unchanged.
            content_type: media type.
            cache_control: kept with the object.
            content_disposition: kept with the object.
            user_metadata: the caller's own names and values, at most 8 KiB.
            size_bytes: size when it is known beforehand.
            create_only: fail with `AlreadyExists` if there is an object at the key.
            if_etag: fail with `FailedPrecondition` unless the object there has this etag.
            sha256: digest that the service is to check and record, or what returns it once
                the chunks have ended; empty for neither.
            timeout_s: seconds for all of it.
        """
        header = pb.PutHeader(
            key=key,
            content_type=content_type,
            cache_control=cache_control,
            content_disposition=content_disposition,
            user_metadata=user_metadata,
            size_bytes=size_bytes,
            precondition=precondition(create_only=create_only, if_etag=if_etag),
        )
        return self._put(header, chunks, Totals(), sha256, timeout_s)

    def get(
        self,
        key: str,
        *,
        offset: int = 0,
        length_bytes: int = 0,
        if_none_match: str = "",
        timeout_s: float | None = None,
    ) -> ObjectReader:
        """Open an object, or a range of it, for reading; close the reader.

        Args:
            key: the object.
            offset: first byte; negative counts from the end.
            length_bytes: bytes to read at most; 0: to the end.
            if_none_match: if the object still has this etag, the reader says
                `not_modified` and yields nothing.
            timeout_s: seconds for all of it, reading included.

        Raises:
            NotFound: there is no object.
            OutOfRange: `offset` is at or beyond the end.
        """
        request = pb.GetRequest(
            key=key, offset=offset, length_bytes=length_bytes, if_none_match=if_none_match
        )
        return ObjectReader(self._stub.Get(request, timeout=timeout_s))

    def get_or_none(
        self,
        key: str,
        *,
        offset: int = 0,
        length_bytes: int = 0,
        if_none_match: str = "",
        timeout_s: float | None = None,
    ) -> ObjectReader | None:
        """Open as `get` does; None when there is no object."""
        try:
            return self.get(
                key,
                offset=offset,
                length_bytes=length_bytes,
                if_none_match=if_none_match,
                timeout_s=timeout_s,
            )
        except NotFound:
            return None

    def head(self, key: str, *, timeout_s: float | None = None) -> pb.ObjectInfo:
        """Return what is known about an object.

        Raises:
            NotFound: there is none.
        """
        response: pb.HeadResponse = self._call("Head", pb.HeadRequest(key=key), timeout_s)
        return response.info

    def head_or_none(self, key: str, *, timeout_s: float | None = None) -> pb.ObjectInfo | None:
        """Return what is known about an object; None when there is none."""
        try:
            return self.head(key, timeout_s=timeout_s)
        except NotFound:
            return None

    def delete(self, key: str, *, if_etag: str = "", timeout_s: float | None = None) -> None:
        """Remove an object. Without `if_etag`, removing what is not there succeeds."""
        self._call("Delete", pb.DeleteRequest(key=key, if_etag=if_etag), timeout_s)

    def list(
        self, prefix: str = "", delimiter: str = "", *, timeout_s: float | None = None
    ) -> Iterator[pb.ObjectInfo]:
        """Yield the objects whose keys start with `prefix`, in byte order, from all pages.

        With the delimiter "/", a common prefix comes as an info that has nothing but its
        key; no object's key ends with "/". `timeout_s` is for each page.
        """
        token = ""
        while True:
            page = self.list_page(prefix, delimiter, page_token=token, timeout_s=timeout_s)
            folded = [pb.ObjectInfo(key=key) for key in page.common_prefixes]
            yield from sorted([*page.objects, *folded], key=lambda info: info.key)
            token = page.next_page_token
            if not token:
                return

    def list_page(
        self,
        prefix: str = "",
        delimiter: str = "",
        *,
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> pb.ListResponse:
        """Return one page of a listing; see ListRequest in the contract."""
        request = pb.ListRequest(
            prefix=prefix, delimiter=delimiter, page_size=page_size, page_token=page_token
        )
        return cast("pb.ListResponse", self._call("List", request, timeout_s))

    def copy(
        self,
        source_key: str,
        target_key: str,
        *,
        create_only: bool = False,
        if_etag: str = "",
        if_source_etag: str = "",
        timeout_s: float | None = None,
    ) -> pb.ObjectInfo:
        """Copy an object inside the store; the conditions concern the target."""
        request = pb.CopyRequest(
            source_key=source_key,
            target_key=target_key,
            if_source_etag=if_source_etag,
            precondition=precondition(create_only=create_only, if_etag=if_etag),
        )
        response: pb.CopyResponse = self._call("Copy", request, timeout_s)
        return response.info

    def put_bytes(
        self,
        key: str,
        content: bytes,
        *,
        content_type: str = "",
        cache_control: str = "",
        content_disposition: str = "",
        user_metadata: Mapping[str, str] | None = None,
        create_only: bool = False,
        if_etag: str = "",
        sha256: bytes = b"",
        timeout_s: float | None = None,
    ) -> pb.ObjectInfo:
        """Store a small object, at most 1 MiB, in one message. Otherwise as `put`."""
        header = pb.PutHeader(
            key=key,
            content_type=content_type,
            cache_control=cache_control,
            content_disposition=content_disposition,
            user_metadata=user_metadata,
            precondition=precondition(create_only=create_only, if_etag=if_etag),
        )
        request = pb.PutBytesRequest(
            header=header, content=content, crc32c=crc32c(content), sha256=sha256
        )
        response: pb.PutBytesResponse = self._call("PutBytes", request, timeout_s)
        return response.info

    def get_bytes(
        self, key: str, *, offset: int = 0, length_bytes: int = 0, timeout_s: float | None = None
    ) -> bytes:
        """Read a small object, or a small range, at most 1 MiB, in one message."""
        request = pb.GetBytesRequest(key=key, offset=offset, length_bytes=length_bytes)
        response: pb.GetBytesResponse = self._call("GetBytes", request, timeout_s)
        if crc32c(response.content) != response.crc32c:
            raise DataLoss(f"{key!r} arrived damaged", "CHECKSUM_MISMATCH", metadata={"key": key})
        return response.content
