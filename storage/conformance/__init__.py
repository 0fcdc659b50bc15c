"""What every driver must do, as tests. This suite is the contract of the seam.

A driver's author writes one class and one fixture, and runs pytest on it:

    class TestMyStore(ObjectStoreSuite, UploadStoreSuite):
        @pytest.fixture(scope="class")
        @classmethod
        def store(cls, tmp_path_factory):
            return MyStore(...)

The store need not be empty: every test keeps to a prefix of its own. Leave
`UploadStoreSuite` out for a store without resumable uploads. Needs pytest.
"""

import pytest

pytest.register_assert_rewrite(
    "storage.conformance.basics",
    "storage.conformance.conditions",
    "storage.conformance.interruptions",
    "storage.conformance.keys",
    "storage.conformance.listing",
    "storage.conformance.ranges",
    "storage.conformance.upload_listing",
    "storage.conformance.uploads",
)

from storage.conformance.suite import ObjectStoreSuite, UploadStoreSuite  # noqa: E402  # after rewrite

__all__ = ["ObjectStoreSuite", "UploadStoreSuite"]
