"""Putting something around a method, whichever of the four kinds it is."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import grpc

Around = Callable[[grpc.ServicerContext], AbstractContextManager[None]]
Behaviour = Callable[[Any, grpc.ServicerContext], Any]


def around(handler: Any, entered: Around) -> Any:
    """Return a handler that runs its method inside of `entered(context)`.

    A stream is inside until its last message, or until nobody takes another one. A method
    that calls back instead of holding a thread (only Watch of grpc.health.v1 does) is left
    as it is: it would have to hold one.
    """
    kind = ("stream" if handler.request_streaming else "unary") + (
        "_stream" if handler.response_streaming else "_unary"
    )
    behaviour = getattr(handler, kind)
    if getattr(behaviour, "experimental_non_blocking", False):
        return handler
    wrap = _wrap_stream if handler.response_streaming else _wrap_unary
    return handler._replace(**{kind: wrap(behaviour, entered)})


def _wrap_unary(behaviour: Behaviour, entered: Around) -> Behaviour:
    def wrapped(request: Any, context: grpc.ServicerContext) -> Any:
        with entered(context):
            return behaviour(request, context)

    return wrapped


def _wrap_stream(behaviour: Behaviour, entered: Around) -> Behaviour:
    def wrapped(request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        with entered(context):
            yield from behaviour(request, context)

    return wrapped
