"""Where the bucket is and how to reach it."""

from dataclasses import dataclass

DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True)
class S3Options:
    """What the driver is told.

    Attributes:
        endpoint: "http://host:port" or "https://host"; the bucket follows in the path.
        public_endpoint: the same server as the public reaches it, for signed URLs;
            empty: `endpoint`.
        create_bucket: create the bucket when it is missing.
        timeout_s: within this any request ends, its retries included; a part of 8 MiB
            must pass in it.
    """

    endpoint: str
    access_key: str
    secret_key: str
    bucket: str
    region: str = DEFAULT_REGION
    public_endpoint: str = ""
    create_bucket: bool = True
    timeout_s: float = 30.0
