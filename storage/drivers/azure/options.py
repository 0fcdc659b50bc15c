"""Where the container is and how to reach it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

DEFAULT_TIMEOUT_S = 40.0


@dataclass(frozen=True)
class AzureOptions:
    """What the driver is told.

    Attributes:
        account: name of the storage account.
        key: one of the account's two keys, base64.
        container: keeps the objects.
        endpoint: for another cloud or an emulator, where the account's name is part of
            the path: "http://127.0.0.1:10000/devstoreaccount1". Empty: Azure's own.
        public_endpoint: the same as the public reaches it, for signed URLs; empty:
            `endpoint`.
        create_container: create the container when it is missing.
        timeout_s: within this any request ends, its retries included.
    """

    account: str
    key: str
    container: str
    endpoint: str = ""
    public_endpoint: str = ""
    create_container: bool = True
    timeout_s: float = DEFAULT_TIMEOUT_S

    @property
    def url(self) -> str:
        """URL of the account as this process reaches it."""
        return self.endpoint.rstrip("/") or f"https://{self.account}.blob.core.windows.net"

    @property
    def public_url(self) -> str:
        """URL of the account as the public reaches it."""
        return self.public_endpoint.rstrip("/") or self.url

    @property
    def host(self) -> str:
        """Host and port that this process connects to."""
        return urlsplit(self.url).netloc
