"""Where the bucket is and how to reach it."""

from dataclasses import dataclass

DEFAULT_REGION = "us-east-1"
# Longer than the 30 seconds for which MinIO lets a reader that stands still keep a writer
# of the same key waiting.
DEFAULT_TIMEOUT_S = 40.0


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
    timeout_s: float = DEFAULT_TIMEOUT_S
