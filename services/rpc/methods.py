"""From a service's descriptor and a servicer to what a gRPC server serves.

Does what the generated `add_…Servicer_to_server` does, with two differences:
chunk messages are framed by hand (tintype/framing.py), and a method that the
servicer does not have answers UNIMPLEMENTED with its name.
"""

from collections.abc import Callable
from typing import Any, NoReturn

import grpc
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from tintype.framing import deserializer, has_chunk, serialize

_HANDLERS: dict[tuple[bool, bool], Callable[..., Any]] = {
    (False, False): grpc.unary_unary_rpc_method_handler,
    (False, True): grpc.unary_stream_rpc_method_handler,
    (True, False): grpc.stream_unary_rpc_method_handler,
    (True, True): grpc.stream_stream_rpc_method_handler,
}


def service_handler(service: ServiceDescriptor, servicer: object) -> grpc.GenericRpcHandler:
    """Serve `servicer`'s methods, named as in the proto, under the service's wire name."""
    return grpc.method_handlers_generic_handler(
        service.full_name,
        {method.name: _method_handler(method, servicer) for method in service.methods},
    )


def _method_handler(method: MethodDescriptor, servicer: object) -> Any:
    """Build the handler of one method."""
    request_type = GetMessageClass(method.input_type)
    make_handler = _HANDLERS[(method.client_streaming, method.server_streaming)]
    return make_handler(
        getattr(servicer, method.name, None) or _unimplemented(method),
        request_deserializer=(
            deserializer(request_type) if has_chunk(request_type) else request_type.FromString
        ),
        response_serializer=serialize,
    )


def _unimplemented(method: MethodDescriptor) -> Callable[[Message, grpc.ServicerContext], NoReturn]:
    """Return a behaviour that says what is missing, by name."""

    def behaviour(_request: Message, context: grpc.ServicerContext) -> NoReturn:
        context.abort(
            grpc.StatusCode.UNIMPLEMENTED,
            f"{method.full_name} is not there in this version of Tintype",
        )

    return behaviour
