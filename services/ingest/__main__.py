"""`python -m services.ingest`: the ingest process."""

from sqlalchemy.exc import SQLAlchemyError

from services.ingest.build import build, connect, open_catalog
from services.ingest.settings import IngestSettings
from services.rpc.allocator import reuse_chunk_buffers
from services.rpc.log import configure_log
from services.rpc.process import fail, serve
from services.rpc.settings import load


def main() -> None:
    """Read the environment, open, serve until told to stop, drain."""
    configure_log("ingest")
    reuse_chunk_buffers()
    settings = load(IngestSettings)
    try:
        database = open_catalog(settings)
        needs = connect(settings, database)
        process = build(settings, database, needs)
    except SQLAlchemyError as error:
        fail(f"the catalog cannot be opened (TINTYPE_DATABASE_URL, TINTYPE_DATA_DIR): {error}")
    except OSError as error:
        fail(f"TINTYPE_INGEST_LISTEN={settings.listen}: {error}")
    process.jobs.start()
    process.collector.start()
    serve(process.server)
    process.collector.stop()
    process.jobs.stop()
    needs.close()
    database.dispose()


if __name__ == "__main__":
    main()
