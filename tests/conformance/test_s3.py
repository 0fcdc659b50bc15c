"""The S3 driver keeps the contract, over MinIO."""

from collections.abc import Iterator

import pytest

from storage.conformance import ObjectStoreSuite, UploadStoreSuite
from storage.drivers.s3 import S3Options, S3Store
from tests.backends.limits import MinioLimits
from tests.backends.servers import ACCESS_KEY, SECRET_KEY, Server


@pytest.mark.backend
class TestS3(MinioLimits, ObjectStoreSuite, UploadStoreSuite):
    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, minio: Server) -> Iterator[S3Store]:
        store = S3Store(S3Options(minio.url, ACCESS_KEY, SECRET_KEY, "conformance"))
        yield store
        store.close()
