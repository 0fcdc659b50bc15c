"""The S3 driver: MinIO, RustFS, AWS and whatever else speaks S3."""

from storage.drivers.s3.options import S3Options
from storage.drivers.s3.store import S3Store

__all__ = ["S3Options", "S3Store"]
