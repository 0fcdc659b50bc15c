"""Settings of the imaging process."""

import os

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from imaging.limits import DEFAULT_MAX_PIXELS

_MIB = 1024 * 1024


class ImagingSettings(BaseSettings):
    """Read from the environment, once.

    Attributes:
        tintype_imaging_listen: host and port.
        tintype_imaging_workers: decoder processes; as many as there are cores.
        tintype_imaging_queue: images that may wait or be on their way in, beside those
            that are worked on.
        tintype_imaging_task_s: seconds that one image may take.
        tintype_imaging_memory_mib: memory that one image may take.
        tintype_max_pixels: width x height x frames of an image.
    """

    model_config = SettingsConfigDict(extra="ignore")

    tintype_imaging_listen: str = "127.0.0.1:50052"
    tintype_imaging_workers: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1, le=256)
    tintype_imaging_queue: int = Field(default=32, ge=1, le=10_000)
    tintype_imaging_task_s: float = Field(default=60.0, gt=0)
    tintype_imaging_memory_mib: int = Field(default=2048, ge=256)
    tintype_max_pixels: int = Field(default=DEFAULT_MAX_PIXELS, ge=1)
