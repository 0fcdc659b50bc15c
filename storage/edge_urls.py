"""Signed URLs that the edge answers, for a store that has no HTTP server of its own.

The storage service signs, the edge verifies; both have the secret in the data folder.
A URL is `{base}/signed/{key}?method=…&expires=…&…&signature=…`. The signature is an
HMAC-SHA256 over the key and every other parameter, so that none can be changed.
"""

import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, urlencode

from storage.errors import AccessDenied
from storage.keys import check_key
from storage.uploads import SignedUrl, UrlRequest

PATH_PREFIX = "/signed/"
_SECRET_NAME = "url-secret"  # noqa: S105  # a file's name
_SECRET_BYTES = 32
_SIGNATURE = "signature"


@dataclass(frozen=True)
class SignedAccess:
    """What a valid signed URL allows.

    Attributes:
        key: the object.
        content_type: PUT: the Content-Type that the request must carry; empty for any.
        content_disposition: GET: what to answer with; empty for the object's own.
    """

    key: str
    content_type: str
    content_disposition: str


class EdgeUrls:
    """Signs URLs for the edge, and verifies them there."""

    def __init__(self, secret: bytes, public_base_url: str) -> None:
        self._secret = secret
        self._base_url = public_base_url.rstrip("/")

    def sign_url(self, key: str, request: UrlRequest) -> SignedUrl:
        """Sign a URL for one object, which need not exist yet."""
        check_key(key)
        expire_time = (datetime.now(UTC) + request.expiry).replace(microsecond=0)
        fields = {"method": request.method, "expires": str(int(expire_time.timestamp()))}
        if request.content_type:
            fields["content-type"] = request.content_type
        if request.content_disposition:
            fields["content-disposition"] = request.content_disposition
        query = urlencode({**fields, _SIGNATURE: self._signature(key, fields)}, quote_via=quote)
        headers = {"Content-Type": request.content_type} if request.content_type else {}
        return SignedUrl(f"{self._base_url}{PATH_PREFIX}{quote(key)}?{query}", expire_time, headers)

    def verify(self, method: str, key: str, query: Mapping[str, str]) -> SignedAccess:
        """Return what a request's URL allows.

        Args:
            method: the request's, as "GET".
            key: the path behind `PATH_PREFIX`, percent-decoding done.
            query: the parameters, percent-decoding done.

        Raises:
            AccessDenied: the URL is not ours, is for something else, or has expired.
        """
        fields = {name: value for name, value in query.items() if name != _SIGNATURE}
        signature = query.get(_SIGNATURE, "")
        if not hmac.compare_digest(self._signature(key, fields).encode(), signature.encode()):
            raise AccessDenied("the URL's signature is not valid")
        if datetime.now(UTC).timestamp() >= int(fields["expires"]):
            raise AccessDenied("the URL has expired")
        allowed = {"GET": {"GET", "HEAD"}, "PUT": {"PUT"}}[fields["method"]]
        if method not in allowed:
            raise AccessDenied(f"the URL is not for {method}")
        return SignedAccess(
            key, fields.get("content-type", ""), fields.get("content-disposition", "")
        )

    def _signature(self, key: str, fields: Mapping[str, str]) -> str:
        """Return the signature of a key and all parameters but the signature."""
        signed = urlencode([("key", key), *sorted(fields.items())], errors="replace").encode()
        return hmac.new(self._secret, signed, sha256).hexdigest()


def load_secret(data_dir: Path) -> bytes:
    """Return the secret of a data folder; the first who asks makes it.

    Raises:
        OSError: the folder cannot be used.
    """
    path = data_dir / _SECRET_NAME
    if not path.exists():
        staged = path.with_name(f"{_SECRET_NAME}.{secrets.token_hex(8)}")
        descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, secrets.token_bytes(_SECRET_BYTES))
            os.fsync(descriptor)
            # Fails when another process was faster; then its secret is ours, too.
            os.link(staged, path)
        except FileExistsError:
            pass
        finally:
            os.close(descriptor)
            staged.unlink()
    return path.read_bytes()
