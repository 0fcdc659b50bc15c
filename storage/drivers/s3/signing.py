"""Presigned URLs, on the host that the public reaches.

The signature covers the host, so a URL signed for the inner name of the server is
worth nothing outside. minio-py presigns the host header alone; a PUT that must carry a
certain Content-Type needs that header signed as well.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

import hashlib
import hmac
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from minio.time import to_amz_date, to_signer_date

from storage.drivers.s3.connection import S3Connection
from storage.uploads import SignedUrl, UrlRequest


def presign(s3: S3Connection, key: str, request: UrlRequest) -> SignedUrl:
    """Sign a URL for one object with the server's time, so that it expires when it says."""
    options = s3.options
    public = urlsplit(options.public_endpoint or options.endpoint)
    now = datetime.fromtimestamp(int(s3.now()), UTC)
    scope = f"{to_signer_date(now)}/{options.region}/s3/aws4_request"
    headers = {"host": public.netloc}
    if request.method == "PUT" and request.content_type:
        headers["content-type"] = request.content_type
    query = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{options.access_key}/{scope}",
        "X-Amz-Date": to_amz_date(now),
        "X-Amz-Expires": str(int(request.expiry.total_seconds())),
        "X-Amz-SignedHeaders": ";".join(sorted(headers)),
    }
    if request.method == "GET" and request.content_disposition:
        query["response-content-disposition"] = request.content_disposition
    parameters = "&".join(
        f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in sorted(query.items())
    )
    path = s3.path(key)
    canonical = "\n".join(
        (
            request.method,
            path,
            parameters,
            *(f"{name}:{value}" for name, value in sorted(headers.items())),
            "",
            query["X-Amz-SignedHeaders"],
            "UNSIGNED-PAYLOAD",
        )
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    signed = "\n".join((query["X-Amz-Algorithm"], query["X-Amz-Date"], scope, digest))
    signature = _sign(options.secret_key, scope, signed)
    url = f"{public.scheme}://{public.netloc}{path}?{parameters}&X-Amz-Signature={signature}"
    carried = {"Content-Type": request.content_type} if "content-type" in headers else {}
    return SignedUrl(url, now + request.expiry, carried)


def _sign(secret_key: str, scope: str, text: str) -> str:
    """Derive the key of the day, region and service, and sign with it."""
    key = f"AWS4{secret_key}".encode()
    for step in scope.split("/"):
        key = hmac.digest(key, step.encode(), "sha256")
    return hmac.new(key, text.encode(), "sha256").hexdigest()
