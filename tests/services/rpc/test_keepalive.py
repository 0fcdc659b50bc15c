"""A caller that is silent is waited for; one that is gone is not."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import grpc
import pytest

import services.rpc.server
from services.rpc.server import RpcServer, build_server
from tintype.channel import Stub, open_channel
from tintype.storage.v1 import storage_pb2 as pb

SERVICE = pb.DESCRIPTOR.services_by_name["StorageService"]
SILENCE_S = 3
PATIENCE_S = 20
# Sends one message and then none.
CALLER = """
import sys, time
from tintype.channel import Stub, open_channel
from tintype.storage.v1 import storage_pb2 as pb
def requests():
    yield pb.PutRequest()
    time.sleep(60)
service = pb.DESCRIPTOR.services_by_name["StorageService"]
with open_channel(sys.argv[1]) as channel:
    Stub(channel, service).Put(requests())
"""


class PatientServicer:
    """Takes what comes, for as long as it comes."""

    def __init__(self) -> None:
        self.begun, self.over = threading.Event(), threading.Event()

    def Put(  # noqa: N802
        self, requests: Iterator[object], _context: grpc.ServicerContext
    ) -> pb.PutResponse:
        try:
            for _ in requests:
                self.begun.set()
        finally:  # gRPC ends the stream of a lost caller, or breaks it, whichever comes first
            self.over.set()
        return pb.PutResponse()


@pytest.fixture
def servicer() -> PatientServicer:
    return PatientServicer()


@pytest.fixture
def server(servicer: PatientServicer, monkeypatch: pytest.MonkeyPatch) -> Iterator[RpcServer]:
    """As every process runs it, but asking after a second whether a caller is there."""
    options = dict(services.rpc.server.KEEPALIVE_OPTIONS)
    options |= {
        "grpc.keepalive_time_ms": 1000,
        "grpc.keepalive_timeout_ms": 1000,
        "grpc.http2.ping_timeout_ms": 1000,
    }
    monkeypatch.setattr(services.rpc.server, "KEEPALIVE_OPTIONS", list(options.items()))
    server = build_server(SERVICE, servicer, "127.0.0.1:0")
    server.start()
    yield server
    server.drain(0)


def test_a_stream_that_is_silent_goes_on(server: RpcServer) -> None:
    def requests() -> Iterator[pb.PutRequest]:
        yield pb.PutRequest()
        time.sleep(SILENCE_S)
        yield pb.PutRequest()

    with open_channel(server.address) as channel:
        assert Stub(channel, SERVICE).Put(requests()) == pb.PutResponse()


def test_a_caller_that_does_not_answer_any_more_is_given_up(
    server: RpcServer, servicer: PatientServicer
) -> None:
    with subprocess.Popen([sys.executable, "-c", CALLER, server.address]) as caller:
        try:
            assert servicer.begun.wait(PATIENCE_S)
            caller.send_signal(signal.SIGSTOP)  # its connection stays open
            assert servicer.over.wait(PATIENCE_S)
        finally:
            caller.kill()
