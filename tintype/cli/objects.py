"""`tintype put`, `get`, `ls` and `rm`: objects in the store, by key."""

import mimetypes
import sys
from pathlib import Path
from typing import Annotated

import typer

from tintype.cli import screen
from tintype.cli.content import STANDARD, open_input, open_output
from tintype.cli.exits import ExitCode, Usage, service_errors
from tintype.cli.options import STORAGE_ADDRESS, AsJson, FileOrStdin, StorageAddress, TimeoutS
from tintype.cli.removal import remove_each
from tintype.storage.client import StorageClient
from tintype.streams import read_chunks

Key = Annotated[str, typer.Argument(metavar="KEY", help="The object's key.")]


def put(
    key: Key,
    file: FileOrStdin,
    *,
    content_type: Annotated[
        str, typer.Option(metavar="TYPE", help="Media type. Without it: guessed from the name.")
    ] = "",
    create_only: Annotated[
        bool, typer.Option("--create-only", help="Fail if there is an object at the key.")
    ] = False,
    timeout_s: TimeoutS = 600,
    address: StorageAddress = STORAGE_ADDRESS,
    as_json: AsJson = False,
) -> None:
    """Store a file, or standard input, under a key. An object already there is replaced.

    --json: the object's info.

    Examples:

        tintype put notes/today.txt today.txt

        pg_dump mine | tintype put backup/mine.sql - --create-only
    """
    guessed = mimetypes.guess_type(key)[0] or mimetypes.guess_type(file.name)[0] or ""
    with (
        service_errors("storage", address),
        StorageClient(address) as client,
        open_input(file) as content,
    ):
        info = client.put(
            key,
            read_chunks(content),
            content_type=content_type or guessed,
            create_only=create_only,
            timeout_s=timeout_s,
        )
    if as_json:
        screen.say_json(screen.as_json(info))
    else:
        screen.say(f"stored {info.key}  {screen.size(info.size_bytes)}  {info.content_type}")


def get(
    key: Key,
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE|-",
            help="Where to; - is standard output, also without this option.",
        ),
    ] = None,
    timeout_s: TimeoutS = 600,
    address: StorageAddress = STORAGE_ADDRESS,
    as_json: AsJson = False,
) -> None:
    """Read an object. A file appears only when it is whole, and replaces one of its name.

    --json: the object's info; needs -o FILE, because standard output has the content.

    Examples:

        tintype get notes/today.txt

        tintype get media-uploads/2026/11_21/original/a.jpg -o a.jpg
    """
    if as_json and output in {None, STANDARD}:
        raise Usage("--json needs -o FILE: standard output has the content")
    with (
        service_errors("storage", address),
        StorageClient(address) as client,
        client.get(key, timeout_s=timeout_s) as reader,
    ):
        content_type = reader.info.content_type
        if output is None and sys.stdout.isatty() and not content_type.startswith("text/"):
            raise Usage(f"this is {content_type}, not for a terminal: name a file with -o, or -o -")
        with open_output(output or STANDARD) as target:
            for chunk in reader:
                target.write(chunk)
    if as_json:
        screen.say_json(screen.as_json(reader.info))


def ls(
    prefix: Annotated[
        str, typer.Argument(metavar="PREFIX", help="Only keys that start with this.")
    ] = "",
    *,
    recursive: Annotated[
        bool, typer.Option("--recursive", "-r", help="All keys, not folded at the next /.")
    ] = False,
    timeout_s: TimeoutS = 60,
    address: StorageAddress = STORAGE_ADDRESS,
    as_json: AsJson = False,
) -> None:
    """List objects in the order of their keys, folded at the next / like folders.

    --json: for each object its info, for each folder {"common_prefix"}.

    Examples:

        tintype ls media-uploads/

        tintype ls -r --json media-uploads/2026/ | jq -r .key
    """
    with service_errors("storage", address), StorageClient(address) as client:
        for info in client.list(prefix, "" if recursive else "/", timeout_s=timeout_s):
            if info.key.endswith("/"):  # not an object: a prefix that several share
                folder = {"common_prefix": info.key}
                screen.say_json(folder) if as_json else screen.say(f"{'':28}{info.key}")
            elif as_json:
                screen.say_json(screen.as_json(info))
            else:
                modified = f"{info.modify_time.ToDatetime():%Y-%m-%d %H:%M}"
                screen.say(f"{screen.size(info.size_bytes):>10}  {modified}  {info.key}")


def rm(
    keys: Annotated[list[str], typer.Argument(metavar="KEY...", help="The objects' keys.")],
    *,
    timeout_s: TimeoutS = 60,
    address: StorageAddress = STORAGE_ADDRESS,
    as_json: AsJson = False,
) -> ExitCode:
    """Remove objects. Removing what is not there succeeds, as in the service.

    --json: {"key", "removed"} for each.

    Example:

        tintype rm notes/today.txt notes/yesterday.txt
    """
    with StorageClient(address) as client:
        return remove_each(
            keys,
            lambda key: client.delete(key, timeout_s=timeout_s),
            called="key",
            as_json=as_json,
            service="storage",
            address=address,
        )
