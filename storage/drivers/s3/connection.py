"""Signed requests to one S3 server: each bounded in time, retried where that is safe."""

import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple, cast
from urllib.parse import SplitResult, quote, urlsplit

import urllib3
from crc32c import crc32c as compute_crc32c
from minio.credentials.credentials import Credentials
from minio.error import S3Error
from minio.signer import sign_v4_s3
from minio.time import to_amz_date
from urllib3.exceptions import HTTPError

from storage.drivers.answer import Answer, sent_pieces
from storage.drivers.busy import Busy
from storage.drivers.s3.clock import WARN_S, ServerClock
from storage.drivers.s3.options import DEFAULT_REGION, S3Options
from storage.drivers.s3.refusal import refusal

CONNECT_TIMEOUT_S = 5.0
ATTEMPTS = 3
_BACKOFF_S = 0.2
# More connections than this are opened when needed, but not kept.
_POOL_CONNECTIONS = 64
# The server checks the CRC-32C that every body carries in a signed header.
_PAYLOAD = "UNSIGNED-PAYLOAD"
_RETRIED = {
    "ConditionalRequestConflict",
    "IncompleteBody",
    "OperationAborted",
    "RequestTimeTooSkewed",
    "RequestTimeout",
    "SlowDown",
}
_NOT_RETRIED_STATUS = {501, 507}
_LOCATION = b"""<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\
<LocationConstraint>%s</LocationConstraint></CreateBucketConfiguration>"""


class S3Connection:
    """A pool of connections to one server. Safe to share between threads.

    Attributes:
        clock: the server's time, as far as its answers have told it.
        busy: the puts and uploads that this process is at, for the sweep to spare.
    """

    def __init__(self, options: S3Options, clock: Callable[[], float] = time.time) -> None:
        """Open nothing yet. `clock` is Unix time in seconds as this machine has it."""
        self.options = options
        self.clock = ServerClock(clock)
        self.busy = Busy()
        self._endpoint = urlsplit(options.endpoint)
        self._credentials = Credentials(options.access_key, options.secret_key)
        self._pool = urllib3.connectionpool.connection_from_url(
            options.endpoint, maxsize=_POOL_CONNECTIONS, block=False
        )

    def request(
        self,
        method: str,
        key: str = "",
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | memoryview = b"",
        stream: bool = False,
        timeout_s: float | None = None,
    ) -> Answer:
        """Send one request about the bucket, or about the object at `key`.

        What failed on the way, or at the server, is sent again: the caller has to bear
        that a request whose answer was lost was done twice.

        Args:
            method: of HTTP.
            key: an object; empty for the bucket.
            query: parameters of the URL.
            headers: besides those that every request has.
            body: sent as it is.
            stream: leave the answer's body to be read, and the answer to be closed.
            timeout_s: within this it ends, retries included; None: as the options say.

        Raises:
            S3Error: the server refused.
            urllib3.exceptions.HTTPError: it could not be reached, or not in time.
        """
        request = _Request(method, key, self._url(key, query or {}), dict(headers or {}), body)
        deadline = time.monotonic() + (timeout_s or self.options.timeout_s)
        attempt = 1
        while True:
            failure: S3Error | HTTPError | None
            skew_s = self.clock.skew_s
            try:
                answer = self._send(request, deadline)
                failure = refusal(answer, method)
                if failure is None and not stream:
                    answer.load()
            except HTTPError as error:
                failure = error
            if failure is None:
                return answer
            backoff_s = _BACKOFF_S * attempt
            if attempt == ATTEMPTS or time.monotonic() + backoff_s > deadline:
                raise failure
            attempt += 1
            if isinstance(failure, S3Error) and self._created_bucket(request, failure):
                continue
            # The answer to a HEAD has no code: that it told of another time is the reason.
            retimed = abs(self.clock.skew_s - skew_s) > WARN_S
            if not retimed and not _is_retried(request, failure):
                raise failure
            time.sleep(backoff_s)

    def put(
        self,
        key: str,
        body: bytes | memoryview,
        crc32c: int | None = None,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """Store a body, which the server compares with its CRC-32C; as `request`."""
        checksum = crc_text(compute_crc32c(body) if crc32c is None else crc32c)
        return self.request(
            "PUT",
            key,
            query=query,
            headers={**(headers or {}), "x-amz-checksum-crc32c": checksum},
            body=body,
            timeout_s=timeout_s,
        )

    def now(self) -> float:
        """Return Unix time as the server has it, which is asked if it never answered yet."""
        if not self.clock.is_known:
            with suppress(S3Error, HTTPError):
                self.request("HEAD")
        return self.clock.now()

    def path(self, key: str = "") -> str:
        """Return the path of the bucket, or of an object, as it is sent and signed."""
        return f"/{self.options.bucket}" + (f"/{quote(key, safe='/~')}" if key else "")

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def _created_bucket(self, request: "_Request", refused: S3Error) -> bool:
        """Create the bucket if that is what is missing, and allowed; tell whether it was."""
        missing = refused.code == "NoSuchBucket" or (refused.code == "404" and not request.key)
        creating = request.method == "PUT" and not request.key
        if not missing or creating or not self.options.create_bucket:
            return False
        region = self.options.region
        body = b"" if region == DEFAULT_REGION else _LOCATION % region.encode()
        try:
            self.request("PUT", body=body)
        except S3Error as error:
            return error.code in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}
        return True

    def _url(self, key: str, query: Mapping[str, str]) -> SplitResult:
        """Build the URL in the one form that is both sent and signed."""
        parameters = "&".join(
            f"{quote(name, safe='~')}={quote(value, safe='~')}"
            for name, value in sorted(query.items())
        )
        return SplitResult(
            self._endpoint.scheme, self._endpoint.netloc, self.path(key), parameters, fragment=""
        )

    def _send(self, request: "_Request", deadline: float) -> Answer:
        """Sign with the server's time and send once."""
        remaining_s = max(deadline - time.monotonic(), 0.1)
        now = datetime.fromtimestamp(self.clock.now(), UTC)
        body, url = request.body, request.url
        headers: dict[str, str | list[str] | tuple[str]] = {
            **request.headers,
            "Host": url.netloc,
            "x-amz-content-sha256": _PAYLOAD,
            "x-amz-date": to_amz_date(now),
        }
        if body or request.method in {"PUT", "POST"}:
            headers["Content-Length"] = str(len(body))
        sign_v4_s3(
            method=request.method,
            url=url,
            region=self.options.region,
            headers=headers,
            credentials=self._credentials,
            content_sha256=_PAYLOAD,
            date=now,
        )
        with self.clock.measured() as measured:
            response = self._pool.urlopen(
                request.method,
                url.path + (f"?{url.query}" if url.query else ""),
                body=sent_pieces(body, deadline) if body else None,
                headers=cast("dict[str, str]", headers),
                retries=False,
                redirect=False,
                preload_content=False,
                decode_content=False,
                timeout=urllib3.Timeout(
                    connect=min(CONNECT_TIMEOUT_S, remaining_s), read=remaining_s
                ),
            )
            measured(response.headers.get("Date", ""))
        return Answer(response, deadline)


class _Request(NamedTuple):
    """A request before it is signed."""

    method: str
    key: str
    url: SplitResult
    headers: dict[str, str]
    body: bytes | memoryview


def crc_text(crc32c: int) -> str:
    """Write a CRC-32C as S3 does: base64 of four bytes, big-endian."""
    return b64encode(crc32c.to_bytes(4, "big")).decode()


def _is_retried(request: _Request, error: S3Error | HTTPError) -> bool:
    if isinstance(error, HTTPError):
        return True
    if error.code == "AccessDenied" and request.key and request.method in {"PUT", "POST"}:
        # MinIO says so, too, when a delete removes the folder that it is about to write to.
        return True
    status = error.response.status
    return error.code in _RETRIED or (status >= 500 and status not in _NOT_RETRIED_STATUS)
