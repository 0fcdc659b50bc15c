"""Settings of the ingest process."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, AliasChoices, Field, HttpUrl
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.ingest.fetch.allow import parse_allow_list
from services.ingest.layout import DOCUMENT_PREFIX


def _check_prefix(prefix: str) -> str:
    """Refuse the folder of documents, which not everyone may read."""
    if prefix.partition("/")[0] == DOCUMENT_PREFIX:
        raise ValueError(f"{DOCUMENT_PREFIX!r} is the folder of documents; take another name")
    return prefix


def _check_allow_list(text: str) -> str:
    """Refuse what is no allow list."""
    parse_allow_list(text)
    return text


class IngestSettings(BaseSettings):
    """What the ingest process reads from the environment, once, at its start.

    Attributes:
        listen: "host:port" to serve gRPC on; port 0 takes a free one.
        storage_address: where the storage service answers.
        imaging_address: where the imaging service answers.
        data_dir: folder of the embedded SQLite catalog.
        database_url: Postgres for catalog and jobs; empty for the embedded catalog.
        bucket: name of the public bucket in URLs.
        owner: whose an asset is when the caller does not say.
        upload_prefix: first segments of every image's key.
        public_base_url: what URLs begin with, as the public reaches the edge.
        public_read: images under the upload prefix are readable by everyone.
        derivative_format: what derivatives are encoded as; "auto" is JPEG when opaque
            and still, WebP otherwise.
        call_timeout_s: longest that one ingest may take when the caller sets no deadline.
        jobs: jobs that this process does at one time.
        fetch_allow: hosts, addresses and ranges that may be fetched from although they are
            not public, separated by commas; for development.
    """

    model_config = SettingsConfigDict(populate_by_name=True, extra="ignore")

    listen: str = Field("127.0.0.1:50053", validation_alias="TINTYPE_INGEST_LISTEN")
    storage_address: str = Field("127.0.0.1:50051", validation_alias="TINTYPE_STORAGE_ADDRESS")
    imaging_address: str = Field("127.0.0.1:50052", validation_alias="TINTYPE_IMAGING_ADDRESS")
    data_dir: Path = Field(Path("data"), validation_alias="TINTYPE_DATA_DIR")
    database_url: str = Field("", validation_alias="TINTYPE_DATABASE_URL")
    bucket: str = Field(
        "uploads",
        # The store's own bucket serves when no public name is given.
        validation_alias=AliasChoices(
            "MEDIA_GATEWAY_BUCKET", "AZURE_STORAGE_CONTAINER", "S3_BUCKET"
        ),
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$",
    )
    owner: str = Field(
        "local", validation_alias="MEDIA_GATEWAY_USER_ID", pattern=r"^[A-Za-z0-9._@:-]{1,128}$"
    )
    upload_prefix: Annotated[str, AfterValidator(_check_prefix)] = Field(
        "media-uploads",
        validation_alias="MEDIA_GATEWAY_UPLOAD_PREFIX",
        pattern=r"^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$",
    )
    public_base_url: HttpUrl = Field(
        HttpUrl("http://127.0.0.1:8080"), validation_alias="PUBLIC_BASE_URL"
    )
    public_read: bool = Field(True, validation_alias="TINTYPE_PUBLIC_READ")
    derivative_format: Literal["auto", "webp", "avif", "jpeg"] = Field(
        "auto", validation_alias="TINTYPE_DERIVATIVE_FORMAT"
    )
    call_timeout_s: float = Field(120.0, gt=0, validation_alias="TINTYPE_INGEST_TIMEOUT")
    jobs: int = Field(4, ge=1, le=64, validation_alias="TINTYPE_INGEST_JOBS")
    fetch_allow: Annotated[str, AfterValidator(_check_allow_list)] = Field(
        "", validation_alias="TINTYPE_FETCH_ALLOW"
    )
