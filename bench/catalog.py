"""`make bench-catalog`: what the lists of the catalog cost at a thousand and at a million rows.

Measured through the same calls that the service makes, on SQLite and on Postgres: the
first page, a page far down, and each filter, 50 assets a page. QUICK=1 stops at 10,000 rows.
"""

import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table
from sqlalchemy import Engine, insert

from bench.machine import machine
from services.ingest.catalog.catalog import Catalog
from services.ingest.catalog.database import open_database, sqlite_url
from services.ingest.catalog.paging import encode_token
from services.ingest.catalog.tables import AssetRow, RenditionRow, TagRow
from services.ingest.ids import new_id
from services.ingest.urls import Urls
from tintype.ingest.v1 import asset_pb2, ingest_pb2

SIZES = [1_000, 10_000] if os.environ.get("QUICK") else [1_000, 100_000, 1_000_000]
ROUNDS = 41
BATCH = 5_000
START = datetime(2026, 1, 1, tzinfo=UTC)
# All assets belong to one owner: the worst case for an index that begins with the owner.
OWNER = "bench"
Filter = ingest_pb2.AssetFilter
FILTERS = {
    "first page": Filter(),
    "state": Filter(states=[asset_pb2.ASSET_STATE_QUEUED]),
    "two states": Filter(states=[asset_pb2.ASSET_STATE_QUEUED, asset_pb2.ASSET_STATE_FAILED]),
    "kind": Filter(kind=asset_pb2.ASSET_KIND_DOCUMENT),
    "source": Filter(source=asset_pb2.ASSET_SOURCE_PINTEREST),
    "group": Filter(group="g7"),
    "project": Filter(project="p7"),
    "category": Filter(category="c7"),
    "rare tag": Filter(tag="rare"),
    "common tag": Filter(tag="common"),
    "nothing matches": Filter(group="none"),
}


@contextmanager
def databases() -> Iterator[dict[str, Engine]]:
    """Open an SQLite file and, where it can be had, a Postgres server of our own."""
    with tempfile.TemporaryDirectory(prefix="tintype-bench-") as folder:
        engines = {"sqlite": open_database(sqlite_url(Path(folder)))}
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pgserver  # noqa: PLC0415  # it reads the variable above when it is imported

        server = pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        engines["postgres"] = open_database(server.get_uri())
        yield engines
        for engine in engines.values():
            engine.dispose()
        server.cleanup()


def fill(engine: Engine, first: int, last: int) -> None:
    """Insert assets number `first` to `last`, each a second younger than the one before."""
    chance = random.Random(first)  # noqa: S311  # the same rows on every run
    for start in track(range(first, last, BATCH), f"{engine.dialect.name}: rows to {last:,}"):
        assets, renditions, tags = [], [], []
        for number in range(start, min(start + BATCH, last)):
            asset = asset_values(number, chance)
            assets.append(asset)
            renditions.append(
                {
                    "asset_id": asset["id"],
                    "name": "original",
                    "position": 0,
                    "storage_key": f"media-uploads/2026/01_01/original/{asset['id']}.jpg",
                    "content_type": "image/jpeg",
                    "width_px": 1,
                    "height_px": 1,
                    "size_bytes": 1,
                    "etag": "e",
                }
            )
            tag = "rare" if number % 1000 == 7 else "common"
            tags.append(
                {
                    "asset_id": asset["id"],
                    "position": 0,
                    "tag": tag,
                    "owner": OWNER,
                    "create_time": asset["create_time"],
                }
            )
        with engine.execution_options(writes=True).begin() as connection:
            connection.execute(insert(AssetRow), assets)
            connection.execute(insert(RenditionRow), renditions)
            connection.execute(insert(TagRow), tags)


def asset_values(number: int, chance: random.Random) -> dict[str, object]:
    """Make up one asset: one in a hundred is queued, one in a thousand is in group g7."""
    time_ = START + timedelta(seconds=number)
    return {
        "id": new_id(),
        "owner": OWNER,
        "kind": "document" if number % 50 == 7 else "image",
        "source": "pinterest" if number % 100 == 7 else "upload",
        "state": "queued" if number % 100 == 7 else "draft",
        "external_id": f"e{number}",
        "group": f"g{number % 1000}",
        "project": f"p{number % 1000}",
        "category": f"c{number % 1000}",
        "sha256": chance.randbytes(32),
        "colors": [["#112233", 0.2]] * 5,
        "recipe_version": 1,
        "create_time": time_,
        "update_time": time_,
    }


def median_ms(call: Callable[[], object]) -> float:
    """Return the median time of a call in milliseconds, after one that warms up."""
    call()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1000)
    return round(statistics.median(times), 2)


def measure(engine: Engine, count: int) -> dict[str, float]:
    """Return the median milliseconds of every kind of list."""
    catalog = Catalog(engine, Urls("http://bench.test", "uploads", "media-uploads"))
    rows = {
        name: median_ms(lambda wanted=wanted: catalog.list_page(OWNER, wanted, 50, ""))
        for name, wanted in FILTERS.items()
    }
    deep = encode_token(START + timedelta(seconds=count // 100), "0")
    rows["page far down"] = median_ms(lambda: catalog.list_page(OWNER, Filter(), 50, deep))
    rows["by external id"] = median_ms(lambda: catalog.find_external(OWNER, f"e{count // 2}"))
    return rows


def main() -> None:
    """Measure, print, write bench/results/catalog.json."""
    results: dict[str, dict[str, dict[str, float]]] = {}
    with databases() as engines:
        for name, engine in engines.items():
            before = 0
            for count in SIZES:
                fill(engine, before, count)
                before = count
                with engine.execution_options(writes=True).begin() as connection:
                    connection.exec_driver_sql("ANALYZE")
                results.setdefault(name, {})[str(count)] = measure(engine, count)
    table = Table(
        "median ms a page", *(f"{name} {int(c):,}" for name in results for c in results[name])
    )
    for what in next(iter(results["sqlite"].values())):
        table.add_row(
            what, *(str(results[name][c][what]) for name in results for c in results[name])
        )
    Console().print(table)
    first, last = str(SIZES[0]), str(SIZES[-1])
    ratios = {
        f"{name}_first_page_{last}_vs_{first}": round(
            rows[last]["first page"] / rows[first]["first page"], 2
        )
        for name, rows in results.items()
    }
    document = {"machine": machine("sqlalchemy", "psycopg"), "median_ms": results, "ratios": ratios}
    path = Path("bench/results/catalog.json")
    path.write_text(json.dumps(document, indent=1) + "\n")
    Console().print(f"{path} written")


if __name__ == "__main__":
    main()
