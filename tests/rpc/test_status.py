"""Domain error to status to client error: the round trip loses nothing."""

import inspect
from collections.abc import Iterator
from types import ModuleType

import grpc
import pytest

import imaging.errors
import services.ingest.errors
import services.rpc.errors
import storage.errors
from services.rpc.server import RpcServer, build_server
from services.rpc.status import STATUSES, find_status
from tintype import errors as client_errors
from tintype.channel import Stub, open_channel
from tintype.storage.v1 import storage_pb2 as pb

MODULES = (storage.errors, imaging.errors, services.ingest.errors, services.rpc.errors)
# No answer of a service: ingest catches it and returns the asset that has the id.
INTERNAL = {services.ingest.errors.ExternalIdTaken, services.ingest.errors.ContentTaken}
SERVICE = pb.DESCRIPTOR.services_by_name["StorageService"]


def domain_errors(module: ModuleType) -> list[type[Exception]]:
    return [
        kind
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Exception) and kind.__module__ == module.__name__
    ]


EVERY = [kind for module in MODULES for kind in domain_errors(module)]
# A family is raised only as one of its members, unless the table lists it, too.
ALL = [kind for kind in EVERY if kind in STATUSES or not kind.__subclasses__()]


def made(kind: type[Exception]) -> Exception:
    """Return an error of the kind as its own constructor makes it."""
    if kind.__init__ is Exception.__init__:
        return kind("something with ü")
    wanted = inspect.signature(kind).parameters.values()
    given = [
        f"the {parameter.name} of ü"
        for parameter in wanted
        if parameter.default is parameter.empty
        and parameter.kind in {parameter.POSITIONAL_OR_KEYWORD, parameter.POSITIONAL_ONLY}
    ]
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in wanted):
        return kind(*given, key="ü/key", also="x")
    return kind(*given)


class RaisingServicer:
    """Raises what it is told to, at once or after a first message."""

    def __init__(self) -> None:
        self.error: Exception = RuntimeError()

    def Head(self, _request: pb.HeadRequest, _context: grpc.ServicerContext) -> None:  # noqa: N802
        raise self.error

    def Get(  # noqa: N802
        self, _request: pb.GetRequest, _context: grpc.ServicerContext
    ) -> Iterator[pb.GetResponse]:
        yield pb.GetResponse(header=pb.GetHeader())
        raise self.error

    def Put(self, requests: Iterator[object], _context: grpc.ServicerContext) -> None:  # noqa: N802
        for _ in requests:
            raise self.error


@pytest.fixture(scope="module")
def servicer() -> RaisingServicer:
    return RaisingServicer()


@pytest.fixture(scope="module")
def server(servicer: RaisingServicer) -> Iterator[RpcServer]:
    server = build_server(SERVICE, servicer, "127.0.0.1:0")
    server.start()
    yield server
    server.drain(0)


@pytest.fixture(scope="module")
def stub(server: RpcServer) -> Iterator[Stub]:
    with open_channel(server.address) as channel:
        yield Stub(channel, SERVICE)


def test_every_domain_error_has_a_status() -> None:
    assert {kind for kind in ALL if find_status(kind) is None} == INTERNAL


def test_every_status_belongs_to_a_domain_error_and_has_a_class_at_the_client() -> None:
    client_codes = {kind.code for kind in client_errors.TintypeError.__subclasses__()}
    for kind, status in STATUSES.items():
        assert kind in ALL
        assert status.code in client_codes
        assert status.reason == status.reason.upper()


@pytest.mark.parametrize(
    "kind", sorted(set(ALL) - INTERNAL, key=str), ids=lambda kind: kind.__name__
)
def test_the_round_trip_loses_nothing(
    servicer: RaisingServicer, stub: Stub, kind: type[Exception]
) -> None:
    servicer.error = made(kind)
    status = find_status(kind)
    assert status is not None
    calls = (
        lambda: stub.Head(pb.HeadRequest()),
        lambda: list(stub.Get(pb.GetRequest())),
        lambda: stub.Put(iter([pb.PutRequest()])),
    )
    for call in calls:
        with pytest.raises(client_errors.TintypeError) as raised, client_errors.client_errors():
            call()
        answer = raised.value
        assert type(answer).code is status.code
        assert answer.reason == status.reason
        assert str(answer) == str(servicer.error)
        assert answer.metadata == getattr(servicer.error, "metadata", {})
        assert answer.retry_after_s == getattr(servicer.error, "retry_after_s", None)


def test_an_error_of_another_service_passes_through_as_it_came(
    servicer: RaisingServicer, stub: Stub
) -> None:
    for kind in client_errors.TintypeError.__subclasses__():
        servicer.error = kind("said elsewhere", "SOME_REASON", 2.5, {"a": "b"})
        with pytest.raises(kind) as raised, client_errors.client_errors():
            stub.Head(pb.HeadRequest())
        answer = raised.value
        assert (str(answer), answer.reason) == ("said elsewhere", "SOME_REASON")
        assert (answer.retry_after_s, answer.metadata) == (2.5, {"a": "b"})


def test_an_unknown_error_says_nothing_to_the_caller_and_everything_to_the_log(
    servicer: RaisingServicer, stub: Stub, capsys: pytest.CaptureFixture[str]
) -> None:
    servicer.error = ZeroDivisionError("the secret is 42")
    with pytest.raises(client_errors.Internal) as raised, client_errors.client_errors():
        stub.Head(pb.HeadRequest())
    assert "42" not in str(raised.value)
    written = capsys.readouterr()
    assert "the secret is 42" in written.out + written.err


def test_a_method_that_is_not_there_says_its_name(stub: Stub) -> None:
    with pytest.raises(client_errors.Unimplemented) as raised, client_errors.client_errors():
        stub.Copy(pb.CopyRequest())
    assert "tintype.storage.v1.StorageService.Copy" in str(raised.value)


@pytest.mark.parametrize("encoded", [b"\x0a\x02\xff\xfe", b"\x0a\x7f", b"\xff"])
@pytest.mark.parametrize("method", ["Head", "Get", "Put"])
def test_bytes_that_are_no_message_are_the_callers_mistake(
    server: RpcServer, servicer: RaisingServicer, method: str, encoded: bytes
) -> None:
    servicer.error = AssertionError("must not come that far")
    with open_channel(server.address) as channel:
        path = f"/{SERVICE.full_name}/{method}"
        calls = {
            "Head": lambda: channel.unary_unary(path)(encoded),
            "Get": lambda: list(channel.unary_stream(path)(encoded)),
            "Put": lambda: channel.stream_unary(path)(iter([encoded])),
        }
        with pytest.raises(client_errors.InvalidArgument) as raised, client_errors.client_errors():
            calls[method]()
    assert "must be UTF-8" in str(raised.value)
    assert raised.value.reason == "INVALID_REQUEST"
