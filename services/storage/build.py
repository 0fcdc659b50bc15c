"""The storage process put together."""

from dataclasses import dataclass

from services.rpc.server import RpcServer, build_server
from services.storage.servicer import StorageServicer
from services.storage.settings import StorageSettings
from services.storage.stores import Stores
from services.storage.upkeep import Upkeep
from tintype.storage.v1 import storage_pb2

_SERVICE = storage_pb2.DESCRIPTOR.services_by_name["StorageService"]


@dataclass(frozen=True)
class StorageProcess:
    """The server and what works beside it."""

    server: RpcServer
    upkeep: Upkeep


def build(settings: StorageSettings, stores: Stores) -> StorageProcess:
    """Build the process over an open store; nothing runs yet.

    Raises:
        OSError: the address cannot be listened on.
    """
    servicer = StorageServicer(stores.store, stores.signer, settings.upload_ttl)
    server = build_server(_SERVICE, servicer, settings.listen)
    upkeep = Upkeep(stores.store, server.health, server.service_name, settings.upload_ttl)
    return StorageProcess(server, upkeep)
