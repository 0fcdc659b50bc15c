"""`python -m services.rpc.probe ADDRESS`: exit 0 if a process serves, for health checks.

ADDRESS is "host:port" of a gRPC process, or the URL of a page that answers 200.
"""

import sys

import grpc
import urllib3
from grpc_health.v1 import health_pb2, health_pb2_grpc

_TIMEOUT_S = 3.0


def trouble_at(address: str) -> str:
    """Return what is wrong with the process at an address; empty if it serves."""
    if address.startswith(("http://", "https://")):
        return _page_trouble(address)
    with grpc.insecure_channel(address) as channel:
        try:
            answer = health_pb2_grpc.HealthStub(channel).Check(
                health_pb2.HealthCheckRequest(), timeout=_TIMEOUT_S
            )
        except grpc.RpcError as error:
            return f"{error.code().name}: {error.details()}"
    status = health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status)
    return "" if status == "SERVING" else status


def _page_trouble(url: str) -> str:
    try:
        status = urllib3.request("GET", url, timeout=_TIMEOUT_S, retries=False).status
    except urllib3.exceptions.HTTPError as error:
        return str(error)
    return "" if status == 200 else f"answered {status}"


def main() -> None:
    """Ask the one address that is the argument."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m services.rpc.probe HOST:PORT | URL")
    if trouble := trouble_at(sys.argv[1]):
        sys.exit(f"{sys.argv[1]} does not serve: {trouble}")


if __name__ == "__main__":
    main()
