"""The two commands, `demo` and `run`."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from services.local import folder, photographs
from services.local.demo import Demo
from services.local.failure import Failure
from services.local.processes import Log, Processes
from services.local.ready import check_ports, wait_until_serving
from services.local.run import tell
from services.local.settings import LocalSettings, environment, ignored_variables
from services.rpc.settings import load
from tintype.cli import screen
from tintype.cli.exits import one_line

app = typer.Typer(help="All four processes on this machine.", no_args_is_help=True)


@app.command()
def demo(
    context: typer.Context,
    photos: Annotated[
        list[Path] | None, typer.Argument(metavar="PHOTO|FOLDER...", help="Your own pictures.")
    ] = None,
) -> None:
    """Start all, ingest photographs, open every URL, write a contact sheet, stop all."""
    settings = load(LocalSettings)
    console = screen.output()
    _say_ignored(console, context.obj)
    chosen = photographs.choose(photos or [])
    check_ports(settings)
    where = folder.prepare(settings.data_dir)
    sheet = where / "contact-sheet.png"
    log_path = where / "processes.log"
    with log_path.open("w") as log:
        processes = Processes(environment(settings, where, context.obj), Log(log))

        def work() -> None:
            _wait(console, settings, processes)
            if not photos:
                console.print("Photographs from scikit-image, in the public domain or CC0")
            Demo(console, settings.reach("ingest"), chosen, sheet, processes.check).run()

        try:
            if code := _supervise(processes, work):
                typer.echo("tintype: stopped; all four processes have ended", err=True)
                sys.exit(code)
        except Failure as failure:
            raise Failure(f"{failure} (all that the processes said: {log_path})") from failure
    console.print("All four processes drained.\n")
    console.print(f"Contact sheet: {sheet}", soft_wrap=True)
    if settings.data_dir is None:
        console.print(
            f"All of it is in {where}/, which each demo makes anew."
            f" To open the URLs yourself: TINTYPE_DATA_DIR={where} make run",
            soft_wrap=True,
        )


@app.command()
def run(context: typer.Context) -> None:
    """Start all and keep them serving until Ctrl-C."""
    settings = load(LocalSettings)
    console = screen.output()
    _say_ignored(console, context.obj)
    check_ports(settings)
    where = settings.data_dir or Path("data")
    processes = Processes(environment(settings, where, context.obj), Log(sys.stdout))

    def work() -> None:
        _wait(console, settings, processes)
        tell(console, settings, where)
        processes.wait_ending()

    _supervise(processes, work)
    console.print("All four processes drained.")


def main(inherited: Mapping[str, str]) -> None:
    """Run the process's own command line; every failure is one line and exit code 1.

    Args:
        inherited: the environment that the four processes are to have, changed where the
            set-up demands it.
    """
    # honcho's helper processes start fresh: a fork would take gRPC's state along.
    multiprocessing.set_start_method("spawn")
    # A closed terminal ends all, as a Ctrl-C does.
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    try:
        app(prog_name="python -m services.local", obj=inherited)
    except Failure as failure:
        sys.exit(f"tintype: {one_line(str(failure))}")


def _say_ignored(console: Console, inherited: Mapping[str, str]) -> None:
    """Say which variables that are set the four processes will not see."""
    if names := ignored_variables(inherited):
        console.print(
            f"The store and the catalog are the embedded ones; not heeded: {', '.join(names)}"
        )


def _wait(console: Console, settings: LocalSettings, processes: Processes) -> None:
    """Wait until all serve, and say so one by one."""
    console.print("Starting the four processes")
    wait_until_serving(
        settings,
        processes.check,
        lambda name: console.print(f"  {name:<8} SERVING  {settings.reach(name)}"),
    )


def _supervise(processes: Processes, work: Callable[[], None]) -> int | None:
    """Run the work with all processes up and end them.

    Returns:
        The signal's exit code if one ended it all, else None.

    Raises:
        Failure: the work failed, or a process did not end well.
    """
    failure = processes.run(work)
    if processes.signal_exit_code is not None:
        return processes.signal_exit_code
    if failure is not None:
        raise failure
    for name, code in processes.exit_codes.items():
        if code != 0:
            raise Failure(f"{name} did not drain: exit code {code}")
    return None
