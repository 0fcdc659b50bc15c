"""Health that tells the truth about the store."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from services.rpc.health import REASON_METADATA
from services.storage.build import StorageProcess, build
from services.storage.settings import StorageSettings
from services.storage.stores import Stores, open_stores
from services.storage.upkeep import STORE_HEALTH
from storage.errors import StoreError, StoreFull, StoreReadOnly, StoreUnavailable
from storage.store import PutInfo

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
SERVICE = "tintype.storage.v1.StorageService"


class SickStore:
    """A store that fails its check as it is told to."""

    def __init__(self) -> None:
        self.trouble: Exception | None = None

    def check(self) -> None:
        if self.trouble is not None:
            raise self.trouble


@pytest.fixture
def store() -> SickStore:
    return SickStore()


@pytest.fixture
def process(store: SickStore) -> Iterator[StorageProcess]:
    process = build(StorageSettings(listen="127.0.0.1:0"), Stores(store, store))
    process.server.start()
    yield process
    process.server.drain(0)


def health(process: StorageProcess) -> dict[str, int]:
    with grpc.insecure_channel(process.server.address) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        return {
            name: stub.Check(health_pb2.HealthCheckRequest(service=name)).status
            for name in ("", SERVICE, STORE_HEALTH)
        }


@pytest.mark.parametrize(
    ("trouble", "serves"),
    [
        (StoreFull("no room"), True),
        (StoreReadOnly("mounted read-only"), True),
        (StoreUnavailable("gone"), False),
        (StoreError("something"), False),
        (ZeroDivisionError("a defect"), False),
    ],
)
def test_trouble_is_told_and_so_is_its_end(
    process: StorageProcess, store: SickStore, trouble: Exception, *, serves: bool
) -> None:
    process.upkeep.check()
    assert health(process) == {"": SERVING, SERVICE: SERVING, STORE_HEALTH: SERVING}
    store.trouble = trouble
    process.upkeep.check()
    service = SERVING if serves else NOT_SERVING
    assert health(process) == {"": service, SERVICE: service, STORE_HEALTH: NOT_SERVING}
    store.trouble = None
    process.upkeep.check()
    assert health(process) == {"": SERVING, SERVICE: SERVING, STORE_HEALTH: SERVING}


def test_health_says_why_beside_the_status(process: StorageProcess, store: SickStore) -> None:
    store.trouble = StoreUnavailable("wörk in\nprogress")
    process.upkeep.check()
    with grpc.insecure_channel(process.server.address) as channel:
        check = health_pb2_grpc.HealthStub(channel).Check
        request = health_pb2.HealthCheckRequest(service=STORE_HEALTH)
        _, call = check.with_call(request)
        reason = dict(call.trailing_metadata())[REASON_METADATA]
        assert reason == "StoreUnavailable: w\\xf6rk in progress"
        store.trouble = None
        process.upkeep.check()
        _, call = check.with_call(request)
        assert REASON_METADATA not in dict(call.trailing_metadata())


def test_abandoned_uploads_are_swept_at_the_start(tmp_path: Path) -> None:
    settings = StorageSettings(
        listen="127.0.0.1:0", data_dir=tmp_path, upload_ttl=timedelta(milliseconds=1)
    )
    stores = open_stores(settings)
    upload_id = stores.store.start_upload("k", PutInfo())
    process = build(settings, stores)
    process.upkeep.start()
    folder = tmp_path / "objects" / "uploads" / upload_id
    for _ in range(1000):
        if not folder.exists():
            break
        process.upkeep.sweep()
    process.upkeep.stop()
    assert not folder.exists()
