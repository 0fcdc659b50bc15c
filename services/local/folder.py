"""The folder in which the demonstration leaves what it made."""

import shutil
from pathlib import Path

from services.local.failure import Failure

DEFAULT = Path("demo")
_MARK = ".made-by-make-demo"


def prepare(chosen: Path | None) -> Path:
    """Return the folder to work in, which exists.

    Without a chosen one it is `demo`, made anew: what the demonstration before left
    there is removed, anything else is left alone.

    Raises:
        Failure: there is a folder of that name which the demonstration did not make, or
            the folder cannot be written.
    """
    folder = chosen or DEFAULT
    try:
        if chosen is None and folder.exists():
            if not (folder / _MARK).exists():
                raise Failure(
                    f"{folder}/ is there and the demonstration did not make it:"
                    " move it, or set TINTYPE_DATA_DIR to another folder"
                )
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        if chosen is None:
            (folder / _MARK).write_text("Made anew by each 'make demo'. Safe to delete.\n")
    except OSError as error:
        raise Failure(f"{error.filename}: {error.strerror} (TINTYPE_DATA_DIR)") from error
    return folder
