"""What the storage process is told from outside."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class StorageSettings(BaseSettings):
    """The environment of `python -m services.storage`.

    An Azure account chooses Azure Blob; else an S3 endpoint chooses S3; else objects
    are files under the data folder.
    """

    model_config = SettingsConfigDict(populate_by_name=True, extra="ignore")

    listen: str = Field("127.0.0.1:50051", validation_alias="TINTYPE_STORAGE_LISTEN")
    data_dir: Path = Field(Path("data"), validation_alias="TINTYPE_DATA_DIR")
    upload_ttl: timedelta = Field(
        timedelta(days=7), gt=timedelta(0), validation_alias="TINTYPE_UPLOAD_TTL"
    )
    public_base_url: str = Field("http://127.0.0.1:8080", validation_alias="PUBLIC_BASE_URL")

    azure_account: str = Field("", validation_alias="AZURE_STORAGE_ACCOUNT")
    azure_key: SecretStr = Field(SecretStr(""), validation_alias="AZURE_STORAGE_KEY")
    azure_container: str = Field("uploads", validation_alias="AZURE_STORAGE_CONTAINER")
    azure_endpoint: str = Field("", validation_alias="AZURE_STORAGE_ENDPOINT")

    s3_endpoint: str = Field("", validation_alias="S3_ENDPOINT")
    s3_access_key: str = Field("", validation_alias="S3_ACCESS_KEY")
    s3_secret_key: SecretStr = Field(SecretStr(""), validation_alias="S3_SECRET_KEY")
    s3_bucket: str = Field("uploads", validation_alias="S3_BUCKET")
    s3_region: str = Field("", validation_alias="S3_REGION")
