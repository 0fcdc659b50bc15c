"""Removing several things one by one, for `tintype rm` and `tintype assets rm`."""

from collections.abc import Callable, Sequence

from tintype.cli import screen
from tintype.cli.exits import ExitCode, exit_code, explain, is_unreachable
from tintype.errors import TintypeError


def remove_each(
    names: Sequence[str],
    remove: Callable[[str], None],
    *,
    called: str,
    as_json: bool,
    service: str,
    address: str,
) -> ExitCode:
    """Remove each name and say so; go on after an error unless the service is out of reach.

    Args:
        names: what to remove.
        remove: removes one.
        called: what a name is, as the JSON's field.
        as_json: say it in JSON lines.
        service: for errors, with `address`.
        address: where the service was looked for.

    Returns:
        The error's own exit code for a single name, FAILED if some of several failed.
    """
    result = ExitCode.OK
    for name in names:
        failure = None
        try:
            remove(name)
        except TintypeError as error:
            failure = error
            screen.complain(explain(error, service, address))
            unreachable = is_unreachable(error)
            result = exit_code(error) if len(names) == 1 or unreachable else ExitCode.FAILED
        if as_json:
            screen.say_json({called: name, "removed": failure is None})
        elif failure is None:
            screen.say(f"removed {name}")
        if failure is not None and is_unreachable(failure):
            break
    return result
