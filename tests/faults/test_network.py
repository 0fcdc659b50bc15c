"""The network between the storage service and MinIO breaks, under a mixed load."""

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest

from services.rpc.server import RpcServer
from services.storage.build import build
from services.storage.settings import StorageSettings
from services.storage.stores import Stores
from storage.drivers.s3 import S3Options, S3Store
from storage.drivers.s3.connection import S3Connection
from storage.drivers.s3.multipart import list_multiparts
from tests.backends.fixtures import hidden_keys
from tests.backends.servers import Server
from tests.backends.toxiproxy import Proxy, proxied
from tests.faults.network_load import LARGE_BYTES, Caller
from tintype.storage.client import StorageClient

pytestmark = [pytest.mark.backend, pytest.mark.faults]
# `make faults` sets it to 12, or to 3 with QUICK=1.
_ROUNDS = int(os.environ.get("TINTYPE_FAULT_ROUNDS", "1"))
# In the long form longer than any timeout.
_LONGEST_FAULT_S = 2.0 if _ROUNDS == 1 else 10.0
_CALLERS = 4
_CALL_TIMEOUT_S = 8.0
_STORE_TIMEOUT_S = 3.0
# Python, gRPC and a busy machine take their time to notice a deadline.
_SLACK_S = 3.0

Fault = Callable[[Proxy], AbstractContextManager[None]]
FAULTS: dict[str, Fault] = {
    "cut": lambda proxy: proxy.cut(),
    "reset": lambda proxy: proxy.toxic("reset_peer", timeout=20),
    "slow": lambda proxy: proxy.toxic("bandwidth", rate=40),
    "late": lambda proxy: proxy.toxic("latency", latency=700, jitter=500),
    "half-open": lambda proxy: proxy.toxic("timeout", timeout=0),
}


class Service(NamedTuple):
    """The storage service over S3, with a proxy in between."""

    proxy: Proxy
    server: RpcServer
    store: S3Store


@pytest.fixture
def service(tmp_path: Path, minio: Server, s3_options: S3Options) -> Iterator[Service]:
    """Serve over a new bucket."""
    with proxied(tmp_path, minio) as proxy:
        options = replace(s3_options, endpoint=proxy.url, timeout_s=_STORE_TIMEOUT_S)
        store = S3Store(options)
        store.check()
        server = build(StorageSettings(listen="127.0.0.1:0"), Stores(store, store)).server
        server.start()
        yield Service(proxy, server, store)
        server.drain(0)
        store.close()


@pytest.mark.timeout(60 + 30 * _ROUNDS)
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_every_call_ends_in_time_and_nothing_is_left_behind(
    service: Service, s3_options: S3Options, s3: S3Connection, fault: Fault
) -> None:
    """In success or a clear error; what was acknowledged is there, whole."""
    stop, chance = threading.Event(), random.Random()
    with StorageClient(service.server.address) as client:
        callers = [Caller(client, f"caller{n}", _CALL_TIMEOUT_S, stop) for n in range(_CALLERS)]
        threads = [threading.Thread(target=caller.run) for caller in callers]
        for thread in threads:
            thread.start()
        try:
            for _ in range(_ROUNDS):
                time.sleep(chance.uniform(0.5, 1.5))
                with fault(service.proxy):
                    time.sleep(chance.uniform(0.5, _LONGEST_FAULT_S))
            time.sleep(1)
        finally:
            stop.set()
            for thread in threads:
                thread.join(_CALL_TIMEOUT_S + _SLACK_S)
        assert not any(thread.is_alive() for thread in threads)
        for caller in callers:
            if caller.failure is not None:
                raise caller.failure
            assert caller.longest_s < _CALL_TIMEOUT_S + _SLACK_S
        print(dict(sorted(sum((caller.outcomes for caller in callers), Counter()).items())))
        _everything_is_there(callers)
    _nothing_runs_on(service)
    _nothing_is_hidden_but_records(s3_options, s3)


def _everything_is_there(callers: list[Caller]) -> None:
    """Read back what was acknowledged; the service has to have recovered."""
    assert any(kind.endswith(" ok") for caller in callers for kind in caller.outcomes)
    for caller in callers:
        for key in caller.known:
            caller.verify(key)
        caller.settle()


def _nothing_runs_on(service: Service) -> None:
    """No call is left at the server, no thread beside it, no connection without an owner."""
    started = time.monotonic()
    service.server.drain(_STORE_TIMEOUT_S * 2)
    assert time.monotonic() - started < _STORE_TIMEOUT_S + _SLACK_S
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith("s3-")]
    service.store.close()
    port = int(service.proxy.url.rpartition(":")[2])
    left = [
        connection
        for connection in psutil.Process().net_connections("tcp")
        if connection.raddr and connection.raddr.port == port
    ]
    assert left == []


def _nothing_is_hidden_but_records(s3_options: S3Options, s3: S3Connection) -> None:
    """What broken puts left behind is found by the sweep."""
    store = S3Store(s3_options)
    store.sweep_uploads(timedelta(0))
    large = [info for info in store.list().objects if info.size_bytes == LARGE_BYTES]
    assert len(hidden_keys(s3)) == len(large)
    assert list(list_multiparts(s3)) == []
    store.close()
