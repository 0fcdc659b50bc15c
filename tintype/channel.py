"""Channels and stubs to a Tintype service."""

from collections.abc import Callable
from typing import Any

import grpc
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message_factory import GetMessageClass

from tintype.framing import deserializer, has_chunk, serialize

# Both sides of every connection. A message is at most a chunk and its prefix; gRPC's
# default of 4 MiB holds that. The window lets a stream of 1 MiB chunks run without
# waiting, and is what a stream that nobody reads costs; left to itself gRPC would widen
# it as the connection allows (bdp_probe), and sixteen streams would take hundreds of MiB.
MESSAGE_OPTIONS: list[tuple[str, int]] = [
    ("grpc.http2.lookahead_bytes", 1024 * 1024),
    ("grpc.http2.bdp_probe", 0),
    ("grpc.http2.max_frame_size", 16 * 1024 * 1024 - 1),
]

_LARGE_BUFFER_BYTES = 8 * 1024 * 1024


def open_channel(address: str) -> grpc.Channel:
    """Open a channel to "host:port"; several addresses by gRPC's own naming, as "dns:///name".

    Calls are balanced over all addresses that the name resolves to. Close it when done.
    """
    # glibc gives the memory of every chunk back to the system, and has it faulted in again
    # for the next, until once a buffer was freed that is much larger (mallopt(3),
    # M_MMAP_THRESHOLD). That doubled the time of framing a chunk.
    bytearray(_LARGE_BUFFER_BYTES)
    return grpc.insecure_channel(
        address,
        options=[
            *MESSAGE_OPTIONS,
            ("grpc.lb_policy_name", "round_robin"),
            # A service that was away is found again soon; the default waits up to two minutes.
            ("grpc.initial_reconnect_backoff_ms", 200),
            ("grpc.max_reconnect_backoff_ms", 2000),
        ],
    )


class Stub:
    """One callable per method of a service, named as in the proto.

    Does what the generated stub does, with chunk messages framed by hand
    (tintype/framing.py). Safe to share between threads, as the channel is.
    """

    def __init__(self, channel: grpc.Channel, service: ServiceDescriptor) -> None:
        for method in service.methods:
            setattr(self, method.name, _callable(channel, method))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Say that there is no such method; those that exist are attributes."""
        raise AttributeError(name)


def _callable(channel: grpc.Channel, method: MethodDescriptor) -> Callable[..., Any]:
    """Build the callable of one method."""
    kind = ("stream" if method.client_streaming else "unary") + (
        "_stream" if method.server_streaming else "_unary"
    )
    response_type = GetMessageClass(method.output_type)
    callable_: Callable[..., Any] = getattr(channel, kind)(
        f"/{method.containing_service.full_name}/{method.name}",
        request_serializer=serialize,
        response_deserializer=(
            deserializer(response_type) if has_chunk(response_type) else response_type.FromString
        ),
    )
    return callable_
