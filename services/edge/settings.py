"""Settings of the edge process."""

from pathlib import Path

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class EdgeSettings(BaseSettings):
    """What the edge process reads from the environment, once, at its start.

    Attributes:
        listen: "host:port" to serve HTTP on; port 0 takes a free one.
        storage_address: where the storage service answers.
        bucket: name of the public bucket in URLs.
        upload_prefix: keys under it are readable by everyone.
        public_read: False closes the public route.
        data_dir: where the storage process keeps the secret of signed URLs.
        azure_account, s3_endpoint: one of them set: the store answers its own signed
            URLs, and the edge has no route for them.
    """

    model_config = SettingsConfigDict(populate_by_name=True, extra="ignore")

    listen: str = Field(
        "127.0.0.1:8080", validation_alias="TINTYPE_EDGE_LISTEN", pattern=r"^\S+:\d{1,5}$"
    )
    storage_address: str = Field("127.0.0.1:50051", validation_alias="TINTYPE_STORAGE_ADDRESS")
    bucket: str = Field(
        "uploads",
        validation_alias=AliasChoices(
            "MEDIA_GATEWAY_BUCKET", "AZURE_STORAGE_CONTAINER", "S3_BUCKET"
        ),
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$",
    )
    upload_prefix: str = Field(
        "media-uploads",
        validation_alias="MEDIA_GATEWAY_UPLOAD_PREFIX",
        pattern=r"^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$",
    )
    public_read: bool = Field(True, validation_alias="TINTYPE_PUBLIC_READ")
    data_dir: Path = Field(Path("data"), validation_alias="TINTYPE_DATA_DIR")
    azure_account: str = Field("", validation_alias="AZURE_STORAGE_ACCOUNT")
    s3_endpoint: str = Field("", validation_alias="S3_ENDPOINT")
    public_base_url: str = Field("http://127.0.0.1:8080", validation_alias="PUBLIC_BASE_URL")
