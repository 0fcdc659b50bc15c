"""How many calls a process serves at one time, and what it says to the next one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any

import grpc

from services.rpc.around import around
from services.rpc.errors import Overloaded

# Whoever watches over a process, or looks at what it is, does so when it is busy, too.
_FREE = ("/grpc.health.", "/grpc.reflection.")


class CallLimit(grpc.ServerInterceptor):
    """Refuses calls beyond a number of running ones, with the time to come back.

    gRPC's own limit says neither that nor a reason, and refuses health checks, too.
    """

    def __init__(self, max_calls: int) -> None:
        self._max_calls = max_calls
        self._places = BoundedSemaphore(max_calls)

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Any],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """Give the method a place while it runs."""
        handler = continuation(handler_call_details)
        if handler is None or handler_call_details.method.startswith(_FREE):
            return handler
        return around(handler, self._place)

    @contextmanager
    def _place(self, _context: grpc.ServicerContext) -> Iterator[None]:
        """Hold a place in the block.

        Raises:
            Overloaded: there is none.
        """
        if not self._places.acquire(blocking=False):
            raise Overloaded(f"{self._max_calls} calls are running, as many as are served at once")
        try:
            yield
        finally:
            self._places.release()
