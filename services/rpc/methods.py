"""From a service's descriptor and a servicer to what a gRPC server serves.

Does what the generated `add_…Servicer_to_server` does, with three differences:
chunk messages are framed by hand (tintype/framing.py); a method that the servicer
does not have answers UNIMPLEMENTED with its name; and bytes that are no message are
the caller's mistake, where grpc would answer INTERNAL.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

import grpc
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass

from services.rpc.errors import InvalidRequest
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
    behaviour = getattr(servicer, method.name, None) or _unimplemented(method)
    decode = deserializer(request_type) if has_chunk(request_type) else request_type.FromString
    return make_handler(
        _on_messages(behaviour, streaming=method.client_streaming),
        request_deserializer=_tolerant(decode, method.input_type.full_name),
        response_serializer=serialize,
    )


class _Undecodable(NamedTuple):
    """Stands for a message that is none. grpc offers no better place for an error to go."""

    message_type: str


def _tolerant(decode: Callable[[bytes], Any], message_type: str) -> Callable[[bytes], Any]:
    """Decode; what cannot be decoded comes back as `_Undecodable`."""

    def decode_or_tell(encoded: bytes) -> Any:
        try:
            return decode(encoded)
        except DecodeError:
            return _Undecodable(message_type)

    return decode_or_tell


def _on_messages(behaviour: Callable[..., Any], *, streaming: bool) -> Callable[..., Any]:
    """Run `behaviour` on messages alone; it meets an undecodable one as an error."""

    def checked(request: Any, context: grpc.ServicerContext) -> Any:
        return behaviour(map(_decoded, request) if streaming else _decoded(request), context)

    return checked


def _decoded(request: Any) -> Any:
    """Return the request.

    Raises:
        InvalidRequest: it could not be decoded.
    """
    if isinstance(request, _Undecodable):
        raise InvalidRequest(
            f"the request is no {request.message_type}, or a text in it, such as a key, "
            "must be UTF-8 and is not"
        )
    return request


def _unimplemented(method: MethodDescriptor) -> Callable[[Message, grpc.ServicerContext], NoReturn]:
    """Return a behaviour that says what is missing, by name."""

    def behaviour(_request: Message, context: grpc.ServicerContext) -> NoReturn:
        context.abort(
            grpc.StatusCode.UNIMPLEMENTED,
            f"{method.full_name} is not there in this version of Tintype",
        )

    return behaviour
