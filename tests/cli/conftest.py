"""A command line run in this process against real gRPC servers."""

from collections.abc import Callable, Iterator

import pytest

from services.rpc.server import build_server
from tests.cli.harness import CatalogInMemory, Ended
from tintype.cli.__main__ import run
from tintype.ingest.v1 import ingest_pb2


@pytest.fixture
def tintype(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Run `tintype` with the arguments given."""

    def run_tintype(*arguments: object) -> Ended:
        exit_code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ended(exit_code, captured.out, captured.err)

    return run_tintype


@pytest.fixture
def catalog() -> Iterator[CatalogInMemory]:
    """Serve an ingest service that keeps assets in memory."""
    servicer = CatalogInMemory()
    service = ingest_pb2.DESCRIPTOR.services_by_name["IngestService"]
    server = build_server(service, servicer, "127.0.0.1:0")
    servicer.address = server.address
    server.start()
    yield servicer
    server.drain(0)
