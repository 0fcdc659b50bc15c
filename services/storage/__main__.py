"""`python -m services.storage`: the storage process."""

from contextlib import closing

from services.rpc.allocator import reuse_chunk_buffers
from services.rpc.log import configure_log
from services.rpc.process import fail, serve
from services.rpc.settings import load
from services.storage.build import build
from services.storage.settings import StorageSettings
from services.storage.stores import described, open_stores
from storage.errors import StoreError


def main() -> None:
    """Read the environment, open the store, serve until told to stop."""
    configure_log("storage")
    reuse_chunk_buffers()
    settings = load(StorageSettings)
    try:
        stores = open_stores(settings)
    except (OSError, StoreError) as error:
        fail(f"storage cannot open its store, {described(settings)}: {error}")
    try:
        process = build(settings, stores)
    except OSError as error:
        fail(f"TINTYPE_STORAGE_LISTEN={settings.listen}: {error}")
    with closing(stores.store):
        process.upkeep.start()
        serve(process.server)
        process.upkeep.stop()


if __name__ == "__main__":
    main()
