"""A clock that is wrong heals itself, and is named. Against MinIO."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import grpc
import pytest
import structlog
import urllib3
from grpc_health.v1 import health_pb2, health_pb2_grpc

from services.rpc.health import REASON_METADATA
from services.storage.build import build
from services.storage.settings import StorageSettings
from services.storage.stores import Stores
from services.storage.upkeep import CLOCK_HEALTH
from storage.checksums import chunks_of
from storage.drivers.s3 import S3Options, S3Store
from storage.drivers.s3.clock import ServerClock
from storage.store import PutInfo
from storage.uploads import UrlRequest
from tests.backends.date_proxy import shifted_dates
from tests.backends.servers import Server

HOUR_S = 3600.0


@pytest.mark.backend
@pytest.mark.parametrize("ahead_s", [2 * HOUR_S, -2 * HOUR_S, 400 * 24 * HOUR_S])
def test_a_machine_whose_clock_is_wrong_signs_with_the_servers_time(
    s3_options: S3Options, open_store: Callable[..., S3Store], ahead_s: float
) -> None:
    """MinIO refuses the first signature, the second one is right; the seconds are known."""
    store = open_store(s3_options, lambda: time.time() + ahead_s)
    with structlog.testing.capture_logs() as logged:
        stored = store.put("key", chunks_of([b"bytes"]), PutInfo())
    assert store.clock_skew_s == pytest.approx(-ahead_s, abs=3)
    assert [round(line["server_ahead_s"], -1) for line in logged] == [round(-ahead_s, -1)]
    assert abs(stored.modify_time.timestamp() - time.time()) < 5


@pytest.mark.backend
def test_a_url_signed_by_a_machine_whose_clock_is_wrong_works(
    s3_options: S3Options, open_store: Callable[..., S3Store]
) -> None:
    """And expires when it says."""
    store = open_store(s3_options, lambda: time.time() - 5 * HOUR_S)
    store.put("key", chunks_of([b"bytes"]), PutInfo())
    signed = store.sign_url("key", UrlRequest("GET", timedelta(minutes=5)))
    assert abs(signed.expire_time.timestamp() - time.time() - 300) < 5
    assert urllib3.request("GET", signed.url).data == b"bytes"


@pytest.mark.backend
@pytest.mark.parametrize("ahead_s", [600, -600])
def test_a_server_whose_clock_is_wrong_is_believed(
    minio: Server, s3_options: S3Options, open_store: Callable[..., S3Store], ahead_s: int
) -> None:
    """The proxy shifts the Date by less than what MinIO behind it still takes."""
    with shifted_dates(minio, ahead_s) as endpoint:
        store = open_store(replace(s3_options, endpoint=endpoint))
        store.check()
        store.put("key", chunks_of([b"bytes"]), PutInfo())
        assert store.head("key").size_bytes == 5
        assert store.clock_skew_s == pytest.approx(ahead_s, abs=3)


@pytest.mark.backend
def test_health_and_log_of_the_service_tell_of_a_wrong_clock(
    s3_options: S3Options, open_store: Callable[..., S3Store]
) -> None:
    """Both with the seconds, the log once and not at every look; nothing else is unhealthy."""
    ahead_s = [0.0]
    store = open_store(s3_options, lambda: time.time() + ahead_s[0])
    process = build(StorageSettings(listen="127.0.0.1:0"), Stores(store, store))
    process.server.start()
    with (
        grpc.insecure_channel(process.server.address) as channel,
        structlog.testing.capture_logs() as logged,
    ):
        health = health_pb2_grpc.HealthStub(channel)
        for ahead_s[0], expected in ((0.0, 1), (HOUR_S, 2), (HOUR_S, 2), (0.0, 1)):
            process.upkeep.check()
            process.upkeep.check_clock()
            clock, call = health.Check.with_call(
                health_pb2.HealthCheckRequest(service=CLOCK_HEALTH), timeout=5
            )
            whole = health.Check(health_pb2.HealthCheckRequest(), timeout=5)
            assert (clock.status, whole.status) == (expected, 1)
            reason = dict(call.trailing_metadata()).get(REASON_METADATA, "is 0 s")
            (seconds,) = re.findall(r"is (\d+) s", reason)
            assert int(seconds) == pytest.approx(ahead_s[0], abs=3)
    process.server.drain(0)
    told = [line for line in logged if line["event"] in {"clock skew", "clocks agree again"}]
    assert [round(line["server_ahead_s"], -2) for line in told] == [-3600, 0]


@pytest.mark.backend
def test_clocks_that_agree_are_left_alone(s3_store: S3Store) -> None:
    """Whole seconds in Date and the way there make no skew."""
    for _ in range(20):
        s3_store.check()
    assert abs(s3_store.clock_skew_s) < 1


def test_an_answer_that_was_held_up_changes_nothing() -> None:
    """Its Date lies between sending and receiving, however far these are apart."""
    now = [1_000_000_000.0]
    clock = ServerClock(lambda: now[0])
    with clock.measured() as learn:
        now[0] += 40
        learn("Sun, 09 Sep 2001 01:46:42 GMT")  # 1,000,000,002
    assert clock.skew_s == 0


@pytest.mark.parametrize("date", ["", "yesterday", "Sun, 99 Sep 2001 01:46:42 GMT"])
def test_a_date_that_is_none_teaches_nothing(date: str) -> None:
    """A proxy may drop or garble it."""
    clock = ServerClock(lambda: 1_000_000_000.0)
    with clock.measured() as learn:
        learn(date)
    assert clock.skew_s == 0
