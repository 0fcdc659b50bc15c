"""Where the four processes of one machine listen and keep their data."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator
from pydantic_settings import BaseSettings, SettingsConfigDict

# The set-up is the embedded one: what points the processes at a server elsewhere
# must not leak into it from a shell that is set up for one.
_ELSEWHERE = frozenset(
    {
        "AZURE_STORAGE_ACCOUNT",
        "AZURE_STORAGE_KEY",
        "AZURE_STORAGE_CONTAINER",
        "AZURE_STORAGE_ENDPOINT",
        "S3_ENDPOINT",
        "S3_ACCESS_KEY",
        "S3_SECRET_KEY",
        "S3_BUCKET",
        "S3_REGION",
        "TINTYPE_DATABASE_URL",
    }
)
_ANY_HOST = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104  # to recognise, not to bind


def _check_address(address: str) -> str:
    """Accept "host:port" with a port that clients can be told beforehand."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or not 1 <= int(port) <= 65_535:
        raise ValueError('expected "host:port" with a port from 1 to 65535')
    return address


Address = Annotated[str, AfterValidator(_check_address)]


class LocalSettings(BaseSettings):
    """Addresses to listen on, as each process reads them too, and the data folder.

    Attributes:
        data_dir: None: the command's own default.
    """

    model_config = SettingsConfigDict(env_prefix="TINTYPE_", extra="ignore")

    storage_listen: Address = "127.0.0.1:50051"
    imaging_listen: Address = "127.0.0.1:50052"
    ingest_listen: Address = "127.0.0.1:50053"
    edge_listen: Address = "127.0.0.1:8080"
    data_dir: Path | None = None

    def listen(self, process: str) -> str:
        """Return the address a process listens on."""
        address: str = getattr(self, f"{process}_listen")
        return address

    def reach(self, process: str) -> str:
        """Return the address at which this machine reaches a process."""
        host, _, port = self.listen(process).rpartition(":")
        return f"{_ANY_HOST.get(host, host)}:{port}"


def ignored_variables(inherited: Mapping[str, str]) -> list[str]:
    """Name the variables that are set but not heeded here."""
    return sorted(name for name in _ELSEWHERE if inherited.get(name))


def environment(
    settings: LocalSettings, data_dir: Path, inherited: Mapping[str, str]
) -> dict[str, str]:
    """Return what the four processes find in their environment."""
    kept = {name: value for name, value in inherited.items() if name not in _ELSEWHERE}
    for process in ("storage", "imaging", "ingest", "edge"):
        kept[f"TINTYPE_{process.upper()}_LISTEN"] = settings.listen(process)
        kept[f"TINTYPE_{process.upper()}_ADDRESS"] = settings.reach(process)
    kept.setdefault("PUBLIC_BASE_URL", f"http://{settings.reach('edge')}")
    kept["TINTYPE_DATA_DIR"] = str(data_dir.resolve())
    kept["PYTHONUNBUFFERED"] = "1"  # a line of their log is seen when it is written
    return kept
