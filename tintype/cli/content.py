"""Where content comes from and goes to: files, standard input and output."""

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tintype.cli.exits import CommandFailed, Usage

STANDARD = Path("-")


@contextmanager
def open_input(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading; "-" is standard input, which stays open."""
    if path == STANDARD:
        yield sys.stdin.buffer
        return
    try:
        file = path.open("rb")
    except OSError as error:
        raise CommandFailed(f"{path}: {error.strerror}") from error
    with file:
        yield file


@contextmanager
def open_output(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing that appears whole or not at all.

    The content goes to a hidden file beside `path`, which takes its name when the
    block ends well and is removed when it does not. "-" is standard output and a
    device is a device: both are written as they are.
    """
    if path == STANDARD:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if path.is_dir():
        raise Usage(f"{path} is a folder: name a file in it")
    target = path.resolve()  # through a link, the file it leads to is replaced
    whole = not target.exists() or target.is_file()
    written = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part") if whole else target
    try:
        # Opened inside of the block that removes it: Ctrl-C may come right after.
        try:
            file = written.open("xb" if whole else "wb")
        except OSError as error:
            raise CommandFailed(f"{path}: {error.strerror}") from error
        with file:
            yield file
        if whole:
            written.replace(target)
    except BaseException:
        if whole:
            written.unlink(missing_ok=True)
        raise
