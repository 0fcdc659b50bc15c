"""Settings of the imaging process."""

import os

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from imaging.limits import DEFAULT_MAX_PIXELS

_MIB = 1024 * 1024


class ImagingSettings(BaseSettings):
    """Read from the environment, once.

    Attributes:
        listen: host and port.
        workers: decoder processes; as many as there are cores.
        queue: images that may wait or be on their way in, beside those
            that are worked on.
        task_s: seconds that one image may take.
        memory_mib: memory that one image may take.
        max_pixels: width x height x frames of an image.
    """

    model_config = SettingsConfigDict(populate_by_name=True, extra="ignore")

    listen: str = Field("127.0.0.1:50052", validation_alias="TINTYPE_IMAGING_LISTEN")
    workers: int = Field(
        default_factory=lambda: os.cpu_count() or 1,
        ge=1,
        le=256,
        validation_alias="TINTYPE_IMAGING_WORKERS",
    )
    queue: int = Field(64, ge=1, le=10_000, validation_alias="TINTYPE_IMAGING_QUEUE")
    task_s: float = Field(60.0, gt=0, validation_alias="TINTYPE_IMAGING_TASK_S")
    memory_mib: int = Field(2048, ge=256, validation_alias="TINTYPE_IMAGING_MEMORY_MIB")
    max_pixels: int = Field(DEFAULT_MAX_PIXELS, ge=1, validation_alias="TINTYPE_MAX_PIXELS")
