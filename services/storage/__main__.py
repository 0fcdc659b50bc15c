"""`python -m services.storage`: the storage process."""

import contextlib

from services.rpc.log import configure_log
from services.rpc.process import fail, serve
from services.rpc.settings import load
from services.storage.build import build
from services.storage.settings import StorageSettings
from services.storage.stores import open_store
from storage.errors import StoreError


def main() -> None:
    """Read the environment, open the store, serve until told to stop."""
    configure_log("storage")
    settings = load(StorageSettings)
    try:
        store = open_store(settings)
        with contextlib.closing(store):
            serve(build(settings, store))
    except (OSError, StoreError) as error:
        fail(f"storage: {error}")


if __name__ == "__main__":
    main()
