"""Storage, imaging and ingest for real, in this process, on free ports."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from sqlalchemy import Engine, text

from services.imaging.build import build as build_imaging
from services.imaging.build import build_pool
from services.imaging.pool import WorkerPool
from services.imaging.settings import ImagingSettings
from services.ingest.build import build as build_ingest
from services.ingest.build import connect, open_catalog
from services.ingest.dependencies import Dependencies
from services.ingest.garbage import collect_garbage
from services.ingest.settings import IngestSettings
from services.rpc.server import RpcServer
from services.storage.build import build as build_storage
from services.storage.settings import StorageSettings
from services.storage.stores import open_stores
from tintype.ingest.client import IngestClient

ANYWHERE = "127.0.0.1:0"


@dataclass
class Processes:
    """What a test talks to, and what it may stop."""

    client: IngestClient
    needs: Dependencies
    storage: RpcServer
    imaging: RpcServer
    objects: Path
    restart_imaging: Callable[[str], None]
    restart_storage: Callable[[str], None]
    database: Engine

    def collect(self) -> None:
        """Delete what no asset names any more, as a thread does from time to time."""
        catalog = self.needs.catalog
        collect_garbage(catalog, self.needs.storage, catalog.garbage())

    def in_flight(self, asset_id: str) -> list[str]:
        """Return the ids of an asset's workflows that wait or are being run, on SQLite."""
        query = text(
            "SELECT workflow_uuid FROM workflow_status "
            "WHERE status != 'SUCCESS' AND workflow_uuid LIKE :ids"
        )
        with self.database.connect() as connection:
            return list(connection.execute(query, {"ids": f"{asset_id}.%"}).scalars())

    def keys(self) -> list[str]:
        """Return the keys of all objects in the store."""
        return [info.key for info in self.needs.storage.list("")]


@contextmanager
def imaging_pool() -> Iterator[WorkerPool]:
    """Start one decoder process; that takes a second, so share it."""
    with build_pool(ImagingSettings(workers=1)) as pool:
        pool.warm_up()
        yield pool


@contextmanager
def start(
    folder: Path,
    pool: WorkerPool,
    database_url: str = "",
    *,
    jobs: bool = False,
    fetch_allow: str = "127.0.0.1",
) -> Iterator[Processes]:
    """Start all three, and stop them at the end; with `jobs`, what is accepted is done too."""
    with ExitStack() as stack:
        objects = folder / "objects"
        storage_settings = StorageSettings(listen=ANYWHERE, data_dir=folder)
        stores = open_stores(storage_settings)
        stack.callback(stores.store.close)
        storage = build_storage(storage_settings, stores).server
        imaging = build_imaging(ImagingSettings(listen=ANYWHERE, workers=1), pool)
        for server in (storage, imaging):
            server.start()
            stack.callback(server.drain, 0)
        settings = IngestSettings(
            listen=ANYWHERE,
            data_dir=folder,
            database_url=database_url,
            storage_address=storage.address,
            imaging_address=imaging.address,
            call_timeout_s=20,
            fetch_allow=fetch_allow,
        )
        database = open_catalog(settings)
        stack.callback(database.dispose)
        needs = connect(settings, database)
        stack.callback(needs.close)
        process = build_ingest(settings, database, needs)
        if jobs:
            process.jobs.start()
            stack.callback(process.jobs.stop)
        ingest = process.server
        ingest.start()
        stack.callback(ingest.drain, 2)
        client = stack.enter_context(IngestClient(ingest.address))

        def restart_imaging(address: str) -> None:
            again = build_imaging(ImagingSettings(listen=address, workers=1), pool)
            again.start()
            stack.callback(again.drain, 0)

        def restart_storage(address: str) -> None:
            settings = StorageSettings(listen=address, data_dir=folder)
            again = build_storage(settings, stores).server
            again.start()
            stack.callback(again.drain, 0)

        yield Processes(
            *(client, needs, storage, imaging, objects),
            *(restart_imaging, restart_storage, database),
        )


def picture(width: int = 640, height: int = 400, suffix: str = ".jpg") -> bytes:
    """Make a picture with five plain stripes; nothing in it is random."""
    image = np.zeros((height, width, 3), np.uint8)
    colors = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (0, 255, 255), (255, 255, 255)]
    for number, color in enumerate(colors):
        image[:, number * width // 5 : (number + 1) * width // 5] = color
    return cv2.imencode(suffix, image)[1].tobytes()
