"""The SDK's client for one container, and plain HTTP for reading.

Reading goes through a short-lived signed URL and urllib3: the SDK's downloader asks for
an object piece by piece, and a reader would lose it when somebody replaces it.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TypeVar

import urllib3
from azure.core.exceptions import HttpResponseError, ResourceExistsError
from azure.storage.blob import (
    BlobClient,
    BlobSasPermissions,
    BlobServiceClient,
    ContainerClient,
    LinearRetry,
    generate_blob_sas,
)

from storage.drivers.answer import Answer
from storage.drivers.azure.errors import NO_CONTAINER, Refused, code_of
from storage.drivers.azure.options import AzureOptions
from storage.drivers.busy import Busy
from storage.drivers.parts import MIB

CONNECT_TIMEOUT_S = 5.0
_ATTEMPTS = 3
_BACKOFF_S = 1
_POOL_CONNECTIONS = 64
_READ_URL_LASTS = timedelta(hours=12)
Result = TypeVar("Result")


class AzureConnection:
    """One container. Safe to share between threads.

    Attributes:
        busy: the puts and uploads that this process is at, for the sweep to spare.
    """

    def __init__(self, options: AzureOptions) -> None:
        self.options = options
        self.busy = Busy()
        self._service = BlobServiceClient(
            options.url,
            credential={"account_name": options.account, "account_key": options.key},
            # What the driver sends at once is one part, never more than this.
            max_single_put_size=256 * MIB,
            connection_timeout=CONNECT_TIMEOUT_S,
            read_timeout=options.timeout_s / _ATTEMPTS,
            retry_policy=LinearRetry(
                backoff=_BACKOFF_S, retry_total=_ATTEMPTS - 1, random_jitter_range=0
            ),
        )
        self._pool = urllib3.PoolManager(maxsize=_POOL_CONNECTIONS, block=False)

    @property
    def container(self) -> ContainerClient:
        """The SDK's client of the container."""
        return self._service.get_container_client(self.options.container)

    def blob(self, key: str) -> BlobClient:
        """Return the SDK's client of the object at a key."""
        return self._service.get_blob_client(self.options.container, key)

    def call(self, request: Callable[[], Result]) -> Result:
        """Send a request; if the container is missing, and may be created, create it and repeat."""
        try:
            return request()
        except HttpResponseError as error:
            if code_of(error) not in NO_CONTAINER or not self.options.create_container:
                raise
        with suppress(ResourceExistsError):  # another process was faster
            self.container.create_container()
        return request()

    def open(self, key: str, first: int, end: int, etag: str) -> Answer:
        """Ask for the bytes `first` to `end` (exclusive) of the object with this etag.

        Raises:
            Refused: Azure refused.
            urllib3.exceptions.HTTPError: it could not be reached, or not in time.
        """
        blob = self.blob(key)
        token = generate_blob_sas(
            self.options.account,
            self.options.container,
            key,
            account_key=self.options.key,
            permission=BlobSasPermissions(read=True),
            expiry=datetime.now(UTC) + _READ_URL_LASTS,
        )
        deadline = monotonic() + self.options.timeout_s
        response = self._pool.request(
            "GET",
            f"{blob.url}?{token}",
            headers={"Range": f"bytes={first}-{end - 1}", "If-Match": f'"{etag}"'},
            retries=urllib3.Retry(_ATTEMPTS - 1, redirect=False, backoff_factor=0.2),
            timeout=urllib3.Timeout(CONNECT_TIMEOUT_S, read=self.options.timeout_s / _ATTEMPTS),
            preload_content=False,
            decode_content=False,
        )
        answer = Answer(response, deadline)
        if response.status >= 300:
            answer.load()
            raise Refused(response.headers.get("x-ms-error-code") or str(response.status))
        return answer

    def close(self) -> None:
        """Close all connections."""
        self._service.close()
        self._pool.clear()
