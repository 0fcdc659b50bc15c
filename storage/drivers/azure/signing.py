"""Signed URLs (SAS), on the host that the public reaches."""

from datetime import UTC, datetime
from urllib.parse import quote

from azure.storage.blob import BlobSasPermissions, generate_blob_sas

from storage.drivers.azure.options import AzureOptions
from storage.uploads import SignedUrl, UrlRequest


def sign(options: AzureOptions, key: str, request: UrlRequest) -> SignedUrl:
    """Sign a URL for one object.

    A PUT must say what kind of blob it makes. Its Content-Type is asked for, but Azure
    has no way to insist on it.
    """
    expire_time = datetime.now(UTC).replace(microsecond=0) + request.expiry
    is_put = request.method == "PUT"
    token = generate_blob_sas(
        options.account,
        options.container,
        key,
        account_key=options.key,
        permission=BlobSasPermissions(read=not is_put, create=is_put, write=is_put),
        expiry=expire_time,
        content_disposition=None if is_put else request.content_disposition or None,
    )
    headers = {"x-ms-blob-type": "BlockBlob"} if is_put else {}
    if is_put and request.content_type:
        headers["Content-Type"] = request.content_type
    url = f"{options.public_url}/{options.container}/{quote(key, safe='/~')}?{token}"
    return SignedUrl(url, expire_time, headers)
