"""One gRPC server as every process runs it: status, health, reflection, drain."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from grpc_health.v1 import health, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from services.rpc.health import Health
from services.rpc.limit import CallLimit
from services.rpc.methods import service_handler
from services.rpc.status import StatusInterceptor
from tintype.channel import MESSAGE_OPTIONS

# A sync server holds one thread per running call, streams included.
DEFAULT_MAX_CALLS = 64
# Threads to refuse more calls in, and to answer health checks in. What finds none of them
# is refused by gRPC itself, without a reason.
_SPARE_THREADS = 16
# A caller that vanishes without a word (power, network) gives its place back after the time
# and the timeout; by itself TCP takes hours. The other way round, callers may ask every
# 10 seconds whether the server is there, between calls, too; by default gRPC hangs up on
# those that ask more often than every 5 minutes.
KEEPALIVE_OPTIONS: list[tuple[str, int]] = [
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    # Without it gRPC waits a minute for the answer, whatever the timeout above.
    ("grpc.http2.ping_timeout_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
    # Without limit: a stream may well have nothing to say for hours.
    ("grpc.http2.max_pings_without_data", 0),
    ("grpc.http2.min_ping_interval_without_data_ms", 5_000),
]


@dataclass
class RpcServer:
    """A gRPC server with its health servicer.

    Attributes:
        address: host and port it listens on, the port real even if 0 was asked for.
        health: where a process says how its dependencies are.
    """

    address: str
    health: Health
    grpc_server: grpc.Server
    threads: ThreadPoolExecutor
    service_name: str

    def start(self) -> None:
        """Take calls and say SERVING."""
        self.grpc_server.start()
        for name in ("", self.service_name):
            self.health.tell(name, serving=True)

    def drain(self, grace_s: float) -> None:
        """Say NOT_SERVING, refuse new calls, let running ones end within `grace_s` seconds."""
        self.health.enter_graceful_shutdown()
        self.grpc_server.stop(grace_s).wait()
        # A call that its caller gave up is over for gRPC while its method still runs, and
        # what the method works with is closed after the drain.
        self.threads.shutdown(wait=True)


def build_server(
    service: ServiceDescriptor,
    servicer: object,
    address: str,
    *,
    max_calls: int = DEFAULT_MAX_CALLS,
    interceptors: Sequence[grpc.ServerInterceptor] = (),
) -> RpcServer:
    """Build a server for one service; it does not take calls until `start`.

    Args:
        service: the service's descriptor, for handlers and reflection.
        servicer: has a method for every rpc it implements.
        address: "host:port"; port 0 takes a free one.
        max_calls: calls served at one time; more are `Overloaded`.
        interceptors: run outside the status table, first one outermost.

    Raises:
        OSError: the address cannot be listened on.
    """
    workers = max_calls + _SPARE_THREADS
    threads = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="rpc")
    server = grpc.server(
        threads,
        interceptors=[*interceptors, StatusInterceptor(), CallLimit(max_calls)],
        maximum_concurrent_rpcs=workers,
        options=[
            *MESSAGE_OPTIONS,
            *KEEPALIVE_OPTIONS,
            # Two processes on one port would each get half of the calls.
            ("grpc.so_reuseport", 0),
        ],
    )
    health_servicer = Health()
    health_pb2_grpc.add_HealthServicer_to_server(health_servicer, server)
    server.add_generic_rpc_handlers((service_handler(service, servicer),))
    reflection.enable_server_reflection(
        (service.full_name, health.SERVICE_NAME, reflection.SERVICE_NAME), server
    )
    try:
        port = server.add_insecure_port(address)
    except RuntimeError as error:
        raise OSError(f"cannot listen on {address}: is the port taken?") from error
    host = address.rpartition(":")[0]
    return RpcServer(f"{host}:{port}", health_servicer, server, threads, service.full_name)
