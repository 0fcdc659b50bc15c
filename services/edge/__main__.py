"""`python -m services.edge`: the edge process."""

import signal
import socket

import structlog
import uvicorn

from services.edge.app import build_app
from services.edge.settings import EdgeSettings
from services.rpc.log import configure_log
from services.rpc.process import DRAIN_GRACE_S, fail
from services.rpc.settings import load
from storage.edge_urls import EdgeUrls, load_secret
from tintype.storage.client import StorageClient


def main() -> None:
    """Read the environment, open, serve until told to stop, drain."""
    configure_log("edge")
    settings = load(EdgeSettings)
    host, _, port = settings.listen.rpartition(":")
    try:
        listening = socket.create_server((host, int(port)))
    except OSError as error:
        fail(f"TINTYPE_EDGE_LISTEN={settings.listen}: {error.strerror}; is the port taken?")
    urls = None
    if not (settings.azure_account or settings.s3_endpoint):
        try:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
            urls = EdgeUrls(load_secret(settings.data_dir), settings.public_base_url)
        except OSError as error:
            fail(f"TINTYPE_DATA_DIR={settings.data_dir}: {error.strerror}")
    with StorageClient(settings.storage_address) as storage:
        server = uvicorn.Server(
            uvicorn.Config(
                build_app(settings, storage, urls),
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=int(DRAIN_GRACE_S),
            )
        )
        address = "{}:{}".format(*listening.getsockname()[:2])
        # uvicorn drains on these, then raises them again for whoever handled them
        # before; that it has drained is a good end.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)
        structlog.get_logger("tintype").info("serving", service="edge", address=address)
        server.run(sockets=[listening])


if __name__ == "__main__":
    main()
