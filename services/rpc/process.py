"""How every gRPC process lives: start, serve until told to stop, drain."""

import signal
import sys
import threading
from typing import NoReturn

import structlog

from services.rpc.server import RpcServer

# Less than the 30 seconds that Kubernetes and compose wait before SIGKILL.
DRAIN_GRACE_S = 20.0


def serve(server: RpcServer) -> None:
    """Run the server until SIGTERM or SIGINT, then let running calls end."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    server.start()
    log = structlog.get_logger("tintype")
    log.info("serving", service=server.service_name, address=server.address)
    stop.wait()
    log.info("draining", service=server.service_name)
    server.drain(DRAIN_GRACE_S)


def fail(message: str) -> NoReturn:
    """Stop a process that cannot start, with one line on standard error and exit code 1."""
    sys.exit(message)
