"""`python -m services.storage`: the storage process."""

from contextlib import closing

from services.rpc.log import configure_log
from services.rpc.process import fail, serve
from services.rpc.settings import load
from services.storage.build import build
from services.storage.settings import StorageSettings
from services.storage.stores import open_stores
from storage.errors import StoreError


def main() -> None:
    """Read the environment, open the store, serve until told to stop."""
    configure_log("storage")
    settings = load(StorageSettings)
    try:
        stores = open_stores(settings)
        process = build(settings, stores)
    except (OSError, StoreError) as error:
        fail(f"storage cannot start: {error}")
    with closing(stores.store):
        process.upkeep.start()
        serve(process.server)
        process.upkeep.stop()


if __name__ == "__main__":
    main()
