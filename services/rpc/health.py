"""grpc.health.v1 that also says why."""

from typing import Any

import grpc
from grpc_health.v1 import health, health_pb2

# The protocol has room for a status and nothing else, so this goes beside it.
REASON_METADATA = "tintype-reason"
_STATUS = health_pb2.HealthCheckResponse


class Health(health.HealthServicer):  # type: ignore[misc]  # it ships no types
    """Statuses by name, each with a reason that Check sends as trailing metadata.

    Tools show it: `grpcurl -v ... grpc.health.v1.Health/Check`.
    """

    def __init__(self) -> None:
        # Watch must not hold a thread of the pool for every watcher.
        super().__init__(experimental_non_blocking=True)
        self._reasons: dict[str, str] = {}

    def tell(self, name: str, *, serving: bool, reason: str = "") -> None:
        """Set a name's status and what there is to say about it."""
        # Metadata takes one line of printable ASCII.
        line = " ".join(reason.split())
        self._reasons[name] = line.encode("ascii", "backslashreplace").decode()
        self.set(name, _STATUS.SERVING if serving else _STATUS.NOT_SERVING)

    def Check(  # noqa: N802  # the protocol's name
        self, request: health_pb2.HealthCheckRequest, context: grpc.ServicerContext
    ) -> Any:
        """Answer with the status, the reason beside it."""
        if reason := self._reasons.get(request.service):
            context.set_trailing_metadata(((REASON_METADATA, reason),))
        return super().Check(request, context)
