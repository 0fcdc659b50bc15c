"""What the storage process is told from outside."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "": "seconds"}


def _duration(value: object) -> object:
    """Read "90", "90s", "15m", "36h" or "7d"; leave anything else to pydantic."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd]?)", value) if isinstance(value, str) else None
    return timedelta(**{_UNITS[found[2]]: float(found[1])}) if found else value


Duration = Annotated[timedelta, BeforeValidator(_duration), Field(gt=timedelta(0))]


class StorageSettings(BaseSettings):
    """The environment of `python -m services.storage`.

    An Azure account chooses Azure Blob; else an S3 endpoint chooses S3; else objects
    are files under the data folder.
    """

    model_config = SettingsConfigDict(populate_by_name=True, extra="ignore")

    listen: str = Field("127.0.0.1:50051", validation_alias="TINTYPE_STORAGE_LISTEN")
    data_dir: Path = Field(Path("data"), validation_alias="TINTYPE_DATA_DIR")
    upload_ttl: Duration = Field(timedelta(days=7), validation_alias="TINTYPE_UPLOAD_TTL")
    public_base_url: str = Field("http://127.0.0.1:8080", validation_alias="PUBLIC_BASE_URL")

    azure_account: str = Field("", validation_alias="AZURE_STORAGE_ACCOUNT")
    azure_key: SecretStr = Field(SecretStr(""), validation_alias="AZURE_STORAGE_KEY")
    azure_container: str = Field("uploads", validation_alias="AZURE_STORAGE_CONTAINER")
    azure_endpoint: str = Field("", validation_alias="AZURE_STORAGE_ENDPOINT")
    azure_public_endpoint: str = Field("", validation_alias="AZURE_STORAGE_PUBLIC_ENDPOINT")

    s3_endpoint: str = Field("", validation_alias="S3_ENDPOINT")
    s3_access_key: str = Field("", validation_alias="S3_ACCESS_KEY")
    s3_secret_key: SecretStr = Field(SecretStr(""), validation_alias="S3_SECRET_KEY")
    s3_bucket: str = Field("uploads", validation_alias="S3_BUCKET")
    s3_public_endpoint: str = Field("", validation_alias="S3_PUBLIC_ENDPOINT")
    s3_region: str = Field("us-east-1", validation_alias="S3_REGION")

    create_bucket: bool = Field(True, validation_alias="TINTYPE_CREATE_BUCKET")
    store_timeout: Duration = Field(timedelta(seconds=40), validation_alias="TINTYPE_STORE_TIMEOUT")

    @field_validator("azure_endpoint", "azure_public_endpoint", "s3_endpoint", "s3_public_endpoint")
    @classmethod
    def _is_url(cls, value: str) -> str:
        """Take nothing or a whole URL: a host alone leaves open whether to encrypt."""
        parts = urlsplit(value)
        if value and not (parts.scheme in {"http", "https"} and parts.netloc):
            raise ValueError("must be a URL, as http://127.0.0.1:9000")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _credentials_go_with_their_store(self) -> Self:
        """Refuse half a choice, naming what is missing."""
        needed = {
            "AZURE_STORAGE_KEY": bool(self.azure_account) and not self.azure_key.get_secret_value(),
            "S3_ACCESS_KEY": bool(self.s3_endpoint) and not self.s3_access_key,
            "S3_SECRET_KEY": bool(self.s3_endpoint) and not self.s3_secret_key.get_secret_value(),
        }
        missing = [name for name, is_missing in needed.items() if is_missing]
        if missing:
            raise ValueError(f"{', '.join(missing)} must be set, too, to reach the chosen store")
        return self
