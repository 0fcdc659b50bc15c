"""A process that runs as many calls as it takes says so, and lets itself be watched."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from services.rpc.server import RpcServer, build_server
from tintype.channel import Stub, open_channel
from tintype.errors import ResourceExhausted, TintypeError, client_errors
from tintype.storage.v1 import storage_pb2 as pb

SERVICE = pb.DESCRIPTOR.services_by_name["StorageService"]
MAX_CALLS = 3
SERVING = health_pb2.HealthCheckResponse.SERVING
PATIENCE_S = 20


class LongServicer:
    """Streams until it is told to end, or breaks off when it is told to."""

    def __init__(self) -> None:
        self.end = threading.Event()

    def Get(  # noqa: N802
        self, request: pb.GetRequest, _context: grpc.ServicerContext
    ) -> Iterator[pb.GetResponse]:
        yield pb.GetResponse(header=pb.GetHeader())
        if request.key == "break":
            raise ZeroDivisionError
        self.end.wait(PATIENCE_S)

    def Put(  # noqa: N802
        self, requests: Iterator[object], _context: grpc.ServicerContext
    ) -> pb.PutResponse:
        for _ in requests:
            pass
        return pb.PutResponse()

    def Head(  # noqa: N802
        self, _request: pb.HeadRequest, _context: grpc.ServicerContext
    ) -> pb.HeadResponse:
        return pb.HeadResponse()


@pytest.fixture
def servicer() -> LongServicer:
    return LongServicer()


@pytest.fixture
def server(servicer: LongServicer) -> Iterator[RpcServer]:
    server = build_server(SERVICE, servicer, "127.0.0.1:0", max_calls=MAX_CALLS)
    server.start()
    yield server
    servicer.end.set()
    server.drain(0)


def test_beyond_the_limit_it_says_when_to_come_back_and_health_answers(
    server: RpcServer, servicer: LongServicer
) -> None:
    with open_channel(server.address) as channel:
        stub, health = Stub(channel, SERVICE), health_pb2_grpc.HealthStub(channel)
        running = [stub.Get(pb.GetRequest()) for _ in range(MAX_CALLS)]
        assert all(next(call).HasField("header") for call in running)
        for call in (
            lambda: stub.Head(pb.HeadRequest()),
            lambda: next(stub.Get(pb.GetRequest())),
            lambda: stub.Put(iter([pb.PutRequest()] * 3)),
        ):
            with pytest.raises(ResourceExhausted) as refused, client_errors():
                call()
            assert (refused.value.reason, refused.value.retry_after_s) == ("OVERLOADED", 1.0)
        assert health.Check(health_pb2.HealthCheckRequest()).status == SERVING
        servicer.end.set()
        assert all(list(call) == [] for call in running)


def test_a_call_that_ends_in_any_way_gives_its_place_back(server: RpcServer) -> None:
    with open_channel(server.address) as channel:
        stub = Stub(channel, SERVICE)
        for _ in range(2 * MAX_CALLS):
            stub.Head(pb.HeadRequest())
            with pytest.raises(TintypeError) as broken, client_errors():
                list(stub.Get(pb.GetRequest(key="break")))
            assert broken.value.code is grpc.StatusCode.INTERNAL


def test_a_flood_is_refused_in_its_own_words(server: RpcServer) -> None:
    """As long as there are threads to refuse it in."""
    with open_channel(server.address) as channel, ThreadPoolExecutor(4) as callers:
        stub = Stub(channel, SERVICE)
        running = [stub.Get(pb.GetRequest()) for _ in range(MAX_CALLS)]
        assert all(next(call).HasField("header") for call in running)

        def reason(_: int) -> str:
            with pytest.raises(ResourceExhausted) as refused, client_errors():
                stub.Head(pb.HeadRequest())
            return refused.value.reason

        assert set(callers.map(reason, range(100))) == {"OVERLOADED"}


def test_whoever_watches_health_holds_no_thread(server: RpcServer) -> None:
    """More of them than there are threads see it change."""
    with ExitStack() as stack:
        channel = stack.enter_context(open_channel(server.address))
        health = health_pb2_grpc.HealthStub(channel)
        watches = []
        for _ in range(40):
            watches.append(health.Watch(health_pb2.HealthCheckRequest()))
            stack.callback(watches[-1].cancel)
            assert next(watches[-1]).status == SERVING
        server.health.tell("", serving=False)
        assert all(next(watch).status != SERVING for watch in watches)
