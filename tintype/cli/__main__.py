"""Entry point of `tintype`: runs a command, turns every error into one line and an exit code."""

import os
import signal
import sys
from collections.abc import Sequence

import typer

from tintype.cli import assets, ingest, objects, palette, upkeep
from tintype.cli.exits import CommandFailed, ExitCode
from tintype.cli.screen import complain
from tintype.errors import TintypeError

_EPILOG = (
    "Exit codes: 0 all done; 1 refused, failed, or one of several failed; 2 wrong usage;"
    " 3 not found; 4 a service did not answer; 130 interrupted. Addresses also come from"
    " TINTYPE_INGEST_ADDRESS, TINTYPE_STORAGE_ADDRESS and TINTYPE_IMAGING_ADDRESS."
)

app = typer.Typer(
    name="tintype",
    help="Pictures in, finished assets out: ingest files, look at assets and stored objects.",
    epilog=_EPILOG,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(ingest.ingest)
app.add_typer(assets.app, name="assets")
for command in (
    objects.put,
    objects.get,
    objects.ls,
    objects.rm,
    palette.palette,
    upkeep.reprocess,
    upkeep.sweep,
):
    app.command()(command)
app.command()(upkeep.sweep)
app.command()(upkeep.reprocess)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; nothing but a defect raises."""
    try:
        result = app(args=list(arguments), prog_name="tintype", standalone_mode=False)
        sys.stdout.flush()
    except typer.TyperException as error:  # wrong usage
        if message := error.format_message().rstrip("."):  # else the help was shown
            complain(f"{message}. Try: {_command_path(error)} --help")
        return error.exit_code
    except CommandFailed as error:
        complain(str(error))
        return error.exit_code
    except TintypeError as error:
        complain(str(error))
        return ExitCode.FAILED
    except BrokenPipeError:
        # The reader went away, as `head` does. What is left in the buffer must not
        # raise once more when the interpreter flushes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.PIPE_CLOSED
    except OSError as error:
        complain(f"{error.filename or 'the system'}: {error.strerror or error}")
        return ExitCode.FAILED
    return result if isinstance(result, int) else ExitCode.OK


def main() -> None:
    """Run the process's own command line."""
    # An exception, unlike the default, lets a half-written file be removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    sys.exit(run(sys.argv[1:]))


def _command_path(error: typer.TyperException) -> str:
    """Name the command whose arguments were wrong."""
    context = getattr(error, "ctx", None)
    return context.command_path if context else "tintype"


if __name__ == "__main__":
    main()
