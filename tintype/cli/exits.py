"""How a command ends: exit codes, and errors of a service in one line with a next step."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from tintype.errors import DeadlineExceeded, NotFound, TintypeError, Unavailable


class ExitCode(IntEnum):
    """What a script can act on. Part of the command line's contract."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    UNREACHABLE = 4
    INTERRUPTED = 130
    PIPE_CLOSED = 141


class CommandFailed(Exception):
    """A command cannot go on; the text is the one line to show."""

    def __init__(self, message: str, exit_code: ExitCode = ExitCode.FAILED) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class Usage(CommandFailed):
    """The arguments do not fit together."""

    def __init__(self, message: str) -> None:
        super().__init__(message, ExitCode.USAGE)


@contextmanager
def service_errors(service: str, address: str) -> Iterator[None]:
    """Raise every `TintypeError` of the block as a `CommandFailed` that tells what to do."""
    try:
        yield
    except TintypeError as error:
        raise CommandFailed(explain(error, service, address), exit_code(error)) from error


def exit_code(error: TintypeError) -> ExitCode:
    """Return the exit code for an error that ends a command."""
    if isinstance(error, NotFound):
        return ExitCode.NOT_FOUND
    if isinstance(error, Unavailable | DeadlineExceeded):
        return ExitCode.UNREACHABLE
    return ExitCode.FAILED


def is_unreachable(error: Exception) -> bool:
    """Tell whether the call never arrived: gRPC itself says UNAVAILABLE, without a reason."""
    return isinstance(error, Unavailable) and not error.reason


def explain(error: TintypeError, service: str, address: str) -> str:
    """Say an error in one line, with what to do next where that is known."""
    if is_unreachable(error):
        return (
            f"the {service} service does not answer at {address}: is it running? Try: make run,"
            f" or name another address with --{service} or TINTYPE_{service.upper()}_ADDRESS"
        )
    if isinstance(error, DeadlineExceeded):
        return (
            f"the {service} service at {address} took longer than allowed: try again,"
            " or allow more seconds with --timeout"
        )
    text = one_line(str(error))
    if error.retry_after_s is not None:
        return f"{text} (try again in {error.retry_after_s:g} s)"
    return text


def one_line(text: str) -> str:
    """Fold a text into one line."""
    return " ".join(text.split())
