"""The imaging process: `python -m services.imaging`."""

from services.imaging.build import build, build_pool
from services.imaging.settings import ImagingSettings
from services.rpc.allocator import reuse_chunk_buffers
from services.rpc.log import configure_log
from services.rpc.process import fail, serve
from services.rpc.settings import load


def main() -> None:
    """Read the settings, start the workers, serve until told to stop."""
    settings = load(ImagingSettings)
    configure_log("imaging")
    reuse_chunk_buffers()
    with build_pool(settings) as pool:
        try:
            server = build(settings, pool)
        except OSError as error:
            fail(str(error))
        pool.warm_up()
        serve(server)


if __name__ == "__main__":
    main()
