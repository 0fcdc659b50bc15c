"""Before and after the start: are the ports free, and does every process serve?"""

import socket
import time
from collections.abc import Callable
from contextlib import ExitStack

import grpc
import urllib3
from grpc_health.v1 import health_pb2, health_pb2_grpc

from services.local.failure import Failure
from services.local.processes import NAMES
from services.local.settings import LocalSettings

_POLL_S = 0.1
_CALL_TIMEOUT_S = 1.0
# The first start after an install compiles every module; slow disks take their time.
START_TIMEOUT_S = 60.0


def check_ports(settings: LocalSettings) -> None:
    """Fail before anything is started if an address cannot be listened on.

    Raises:
        Failure: names the setting and the address.
    """
    with ExitStack() as held:  # all at one time, so that two equal ones are noticed
        for name in NAMES:
            address = settings.listen(name)
            host, _, port = address.rpartition(":")
            variable = f"TINTYPE_{name.upper()}_LISTEN"
            try:
                held.enter_context(_listen(host.strip("[]"), int(port)))
            except OSError as error:
                raise Failure(
                    f"cannot listen on {address} ({error.strerror}): stop what uses the port,"
                    f" or set {variable} to another host:port"
                ) from error


def wait_until_serving(
    settings: LocalSettings, check: Callable[[], None], on_ready: Callable[[str], None]
) -> None:
    """Wait until every process says that it serves.

    Args:
        settings: where they listen.
        check: raises if waiting is in vain; asked again and again.
        on_ready: told each process's name, in the order of `NAMES`.

    Raises:
        Failure: one does not serve in time.
    """
    deadline = time.monotonic() + START_TIMEOUT_S
    for name in NAMES:
        while not serves(name, settings.reach(name)):
            check()
            if time.monotonic() > deadline:
                raise Failure(f"{name} does not serve after {START_TIMEOUT_S:.0f} s")
            time.sleep(_POLL_S)
        on_ready(name)


def serves(name: str, address: str) -> bool:
    """Ask a process by its own health check whether it serves."""
    return _edge_serves(address) if name == "edge" else _grpc_serves(address)


def _listen(host: str, port: int) -> socket.socket:
    """Open a listening socket as the processes would."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        # A port that was used a moment ago is free; one that is listened on is not.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def _grpc_serves(address: str) -> bool:
    """Ask grpc.health.v1 about the whole server."""
    with grpc.insecure_channel(address) as channel:
        try:
            answer = health_pb2_grpc.HealthStub(channel).Check(
                health_pb2.HealthCheckRequest(), timeout=_CALL_TIMEOUT_S
            )
        except grpc.RpcError:
            return False
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


def _edge_serves(address: str) -> bool:
    """Ask the edge's own health page."""
    try:
        answer = urllib3.request(
            "GET", f"http://{address}/healthz", timeout=_CALL_TIMEOUT_S, retries=False
        )
    except urllib3.exceptions.HTTPError:
        return False
    return answer.status == 200
