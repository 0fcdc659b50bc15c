"""Which photographs the demonstration shows."""

from importlib.util import find_spec
from pathlib import Path

from services.local.failure import Failure
from tintype.cli.files import Unreadable, find_pictures

# The contact sheet is one picture; more than this would make it unwieldy.
MAX_PHOTOGRAPHS = 100

# In scikit-image's own folder. Each is in the public domain or CC0, as the docstring of
# its function in skimage.data says.
FREE_PHOTOGRAPHS = {
    "astronaut.png": "NASA, public domain",
    "chelsea.png": "Stefan van der Walt, CC0",
    "coffee.png": "Rachel Michetti, CC0",
    "hubble_deep_field.jpg": "NASA, public domain",
    "retina.jpg": "Mikael Haggstrom, CC0",
    "rocket.jpg": "SpaceX, public domain",
}


def choose(paths: list[Path]) -> list[Path]:
    """Return the photographs at `paths`, files or folders; without any, the free ones.

    Raises:
        Failure: a path cannot be read or has no picture, or there are too many.
    """
    if not paths:
        return _free()
    chosen: list[Path] = []
    for path in find_pictures(paths):
        if isinstance(path, Unreadable):
            raise Failure(f"{path.path}: {path.reason}")
        chosen.append(path)
    if len(chosen) > MAX_PHOTOGRAPHS:
        raise Failure(
            f"{len(chosen)} photographs are too many for one contact sheet, at most"
            f" {MAX_PHOTOGRAPHS}: for more, make run and tintype ingest"
        )
    return chosen


def _free() -> list[Path]:
    """Return the free photographs where scikit-image has them."""
    package = find_spec("skimage")
    if package is None or not package.submodule_search_locations:
        raise Failure("scikit-image is not installed: make .venv/demo.stamp, or name a photograph")
    folder = Path(package.submodule_search_locations[0], "data")
    return [folder / name for name in FREE_PHOTOGRAPHS]
