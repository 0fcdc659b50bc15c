"""The storage process put together."""

from services.rpc.server import RpcServer, build_server
from services.storage.servicer import StorageServicer
from services.storage.settings import StorageSettings
from storage.store import ObjectStore
from tintype.storage.v1 import storage_pb2


def build(settings: StorageSettings, store: ObjectStore) -> RpcServer:
    """Build the storage server over an open store; whoever opened the store closes it.

    Raises:
        OSError: the address cannot be listened on.
    """
    service = storage_pb2.DESCRIPTOR.services_by_name["StorageService"]
    return build_server(service, StorageServicer(store), settings.listen)
