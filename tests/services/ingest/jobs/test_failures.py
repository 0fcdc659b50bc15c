"""What is tried again, and what is not."""

import pytest
from sqlalchemy.exc import OperationalError

import imaging.errors as imaging_errors
from services.ingest import errors as ingest_errors
from services.ingest.jobs.failures import Cure, JobFailed, explain, patiently
from tintype import errors


@pytest.mark.parametrize(
    ("error", "reason", "cure"),
    [
        (ingest_errors.FetchFailed("later"), "FETCH_FAILED", Cure.WAIT),
        (ingest_errors.NotFetchable("404"), "NOT_FETCHABLE", Cure.NONE),
        (ingest_errors.UrlRefused("inner"), "URL_REFUSED", Cure.NONE),
        (ingest_errors.DocumentCrashed("died"), "DOCUMENT_CRASHED", Cure.FEW_TRIES),
        (ingest_errors.EncryptedDocument("locked"), "ENCRYPTED_DOCUMENT", Cure.NONE),
        (imaging_errors.UnsupportedFormat("a PDF"), "UNSUPPORTED_FORMAT", Cure.NONE),
        (errors.Unavailable("away", "STORE_UNAVAILABLE"), "STORE_UNAVAILABLE", Cure.WAIT),
        (errors.Unavailable("away"), "UNAVAILABLE", Cure.WAIT),
        (errors.DeadlineExceeded("slow"), "DEADLINE_EXCEEDED", Cure.WAIT),
        (errors.ResourceExhausted("busy", "OVERLOADED"), "OVERLOADED", Cure.WAIT),
        (errors.DataLoss("bit flip", "CHECKSUM_MISMATCH"), "CHECKSUM_MISMATCH", Cure.WAIT),
        (errors.DataLoss("rotten", "DATA_CORRUPTED"), "DATA_CORRUPTED", Cure.NONE),
        (errors.Aborted("crash", "DECODER_CRASHED"), "DECODER_CRASHED", Cure.FEW_TRIES),
        (errors.InvalidArgument("no image", "DAMAGED_IMAGE"), "DAMAGED_IMAGE", Cure.NONE),
        (errors.FailedPrecondition("ro", "STORE_READ_ONLY"), "STORE_READ_ONLY", Cure.PERSON),
        (errors.NotFound("gone", "OBJECT_NOT_FOUND"), "OBJECT_NOT_FOUND", Cure.PERSON),
        (OperationalError("q", {}, Exception("cut")), "CATALOG_UNAVAILABLE", Cure.WAIT),
        (KeyError("a defect"), "INTERNAL", Cure.WAIT),
    ],
)
def test_every_error_has_its_reason_and_cure(error: Exception, reason: str, cure: Cure) -> None:
    failure = explain(error)
    assert (failure.reason, failure.cure) == (reason, cure)


def test_a_defect_is_not_told_to_the_owner() -> None:
    assert "secret" not in explain(KeyError("secret")).message


@pytest.mark.parametrize(
    ("error", "calls"),
    [
        (ingest_errors.FetchFailed("later", retry_after_s=0.01), 6),
        (ingest_errors.FetchFailed("much later", retry_after_s=60), 1),
        (ingest_errors.NotFetchable("never"), 1),
        (errors.Aborted("crash", "DECODER_CRASHED"), 1),
    ],
)
def test_only_what_a_short_wait_may_cure_is_called_again(error: Exception, calls: int) -> None:
    called = []

    def call() -> None:
        called.append(1)
        raise error

    with pytest.raises(JobFailed):
        patiently(call)
    assert len(called) == calls
