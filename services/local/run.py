"""Keeping the four processes serving, and telling how to reach them."""

from pathlib import Path

from rich.console import Console

from services.local.processes import NAMES
from services.local.settings import LocalSettings

_DEFAULTS = LocalSettings.model_fields


def tell(console: Console, settings: LocalSettings, data_dir: Path) -> None:
    """Print where everything is and what to try first."""
    ingest, edge = settings.reach("ingest"), settings.reach("edge")
    moved = settings.ingest_listen != _DEFAULTS["ingest_listen"].default
    option = f"--ingest {ingest} " if moved else ""
    console.print(f"\nServing. Ctrl-C lets running calls end and stops. Data: {data_dir}/\n")
    for name in NAMES:
        scheme = "http://" if name == "edge" else ""
        console.print(f"  {name:<8} {scheme}{settings.reach(name)}")
    console.print(
        "\nTry, in another terminal:\n"
        f"  .venv/bin/tintype ingest {option}PHOTO\n"
        f"  grpcurl -plaintext {ingest} tintype.ingest.v1.IngestService/ListAssets\n"
        f"  curl -i http://{edge}/healthz\n",
        soft_wrap=True,
    )
