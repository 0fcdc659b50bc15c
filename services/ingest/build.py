"""Putting the ingest process together."""

from dataclasses import dataclass

from sqlalchemy import Engine

from services.ingest.catalog.catalog import Catalog
from services.ingest.catalog.database import open_database, sqlite_url
from services.ingest.catalog.inventory import Inventory
from services.ingest.dependencies import Dependencies
from services.ingest.fetch.allow import parse_allow_list
from services.ingest.fetch.fetcher import Fetcher
from services.ingest.garbage import GarbageCollector
from services.ingest.jobs.service import JobService
from services.ingest.servicer import IngestServicer
from services.ingest.settings import IngestSettings
from services.ingest.urls import Urls
from services.rpc.server import RpcServer, build_server
from tintype.imaging.client import ImagingClient
from tintype.ingest.v1 import ingest_pb2
from tintype.storage.client import StorageClient

_SERVICE = ingest_pb2.DESCRIPTOR.services_by_name["IngestService"]


@dataclass(frozen=True)
class IngestProcess:
    """The server and what works beside it."""

    server: RpcServer
    collector: GarbageCollector
    jobs: JobService


def open_catalog(settings: IngestSettings) -> Engine:
    """Open the database of catalog and jobs, its tables up to date.

    Raises:
        SQLAlchemyError: it cannot be opened.
    """
    return open_database(settings.database_url or sqlite_url(settings.data_dir))


def connect(settings: IngestSettings, database: Engine) -> Dependencies:
    """Connect to storage and imaging, which need not answer yet."""
    urls = Urls(
        str(settings.public_base_url).rstrip("/"),
        settings.bucket,
        settings.upload_prefix,
        settings.public_read,
    )
    return Dependencies(
        storage=StorageClient(settings.storage_address),
        imaging=ImagingClient(settings.imaging_address),
        catalog=Catalog(database, urls),
        upload_prefix=settings.upload_prefix,
        derivative_format=settings.derivative_format,
    )


def build(settings: IngestSettings, database: Engine, needs: Dependencies) -> IngestProcess:
    """Build the process; nothing runs yet.

    Raises:
        OSError: the address cannot be listened on.
    """
    fetcher = Fetcher(allow=parse_allow_list(settings.fetch_allow))
    jobs = JobService(database, needs, fetcher, settings.data_dir, settings.jobs)
    servicer = IngestServicer(
        needs, jobs.desk, Inventory(database), settings.owner, settings.call_timeout_s
    )
    server = build_server(_SERVICE, servicer, settings.listen)
    return IngestProcess(server, GarbageCollector(needs.catalog, needs.storage), jobs)
