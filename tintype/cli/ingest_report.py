"""What `tintype ingest` shows: a progress bar, a line for every file, a summary."""

import time
from collections import Counter
from pathlib import Path

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from tintype.cli import screen
from tintype.cli.asset_text import asset_line, print_renditions
from tintype.cli.batch import Outcome
from tintype.cli.exits import ExitCode, explain, is_unreachable
from tintype.cli.files import Unreadable
from tintype.errors import TintypeError
from tintype.ingest.v1 import ingest_pb2


class IngestReport:
    """Shows and counts outcomes. Results go to standard output, all else to standard error.

    The bar is drawn only where standard error is a terminal, and removed at the end.
    """

    def __init__(self, address: str, paths: list[Path], *, as_json: bool) -> None:
        self._address = address
        self._as_json = as_json
        self._counts: Counter[str] = Counter()
        self._size_bytes = 0
        self._unreachable = False
        self._started_s = time.monotonic()
        self._files = len(paths)
        errors, results = screen.output(errors=True), screen.output()
        self.progress = Progress(
            TextColumn("{task.fields[finished]}/{task.fields[files]}"),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=errors,
            transient=True,
            disable=not errors.is_interactive,
        )
        # Where both are one terminal, what is written past the bar's console tears it.
        shared = errors.is_interactive and results.is_terminal
        self._results = errors if shared else results
        self._errors = errors
        self._task = self.progress.add_task(
            "ingest", total=_total_bytes(paths), finished=0, files=len(paths)
        )

    def advance(self, size_bytes: int) -> None:
        """Move the bar by bytes that were read. Called from any thread."""
        self.progress.advance(self._task, size_bytes)

    def unreadable(self, problem: Unreadable) -> None:
        """Say that a file was not tried, and why."""
        self._failed(problem.path, "UNREADABLE", problem.reason)

    def outcome(self, outcome: Outcome) -> None:
        """Show and count what became of one file."""
        if outcome.done is not None:
            self._done(outcome.path, outcome.done)
        elif outcome.error is None or is_unreachable(outcome.error):
            self._not_tried(outcome)
        elif isinstance(outcome.error, TintypeError):
            self._failed(
                outcome.path,
                outcome.error.reason or outcome.error.code.name,
                explain(outcome.error, "ingest", self._address),
            )
        else:
            self._failed(outcome.path, "UNREADABLE", outcome.error.strerror or str(outcome.error))
        self.progress.update(self._task, finished=self._counts.total())

    def summary(self) -> str:
        """Say the counts in one line."""
        counts = self._counts
        parts = [f"{counts['ingested']} ingested"]
        if counts["existed"]:
            parts.append(f"{counts['existed']} there already")
        if counts["failed"]:
            parts.append(f"{counts['failed']} failed")
        if counts["not tried"]:
            parts.append(f"{counts['not tried']} not tried")
        seconds = time.monotonic() - self._started_s
        return f"{', '.join(parts)}; {screen.size(self._size_bytes)} in {seconds:.1f} s"

    @property
    def exit_code(self) -> ExitCode:
        """Tell how the command ends."""
        if self._unreachable:
            return ExitCode.UNREACHABLE
        return ExitCode.FAILED if self._counts["failed"] else ExitCode.OK

    def _done(self, path: Path, done: ingest_pb2.Done) -> None:
        """Show and count an asset."""
        self._counts["existed" if done.existed else "ingested"] += 1
        self._size_bytes += done.asset.size_bytes
        if self._as_json:
            asset = screen.as_json(done.asset)
            value = {"file": str(path), "existed": done.existed, "asset": asset}
            self._results.print(screen.json_line(value), soft_wrap=True)
            return
        line = Text.assemble(screen.printable(str(path)), "  ")
        line.append_text(asset_line(self._results, done.asset))
        if done.existed:
            line.append("  there already")
        self._results.print(line, soft_wrap=True)
        if self._files == 1:  # there is room to say more
            print_renditions(self._results, done.asset)

    def _not_tried(self, outcome: Outcome) -> None:
        """Say once that the service is out of reach, however many files that concerns."""
        if isinstance(outcome.error, TintypeError) and not self._unreachable:
            self._unreachable = True
            message = explain(outcome.error, "ingest", self._address)
            self._errors.print(f"tintype: {message}", soft_wrap=True)
        self._counts["not tried"] += 1
        if self._as_json:
            error = {"reason": "UNAVAILABLE", "message": "not tried: the service is out of reach"}
            value = {"file": str(outcome.path), "error": error}
            self._results.print(screen.json_line(value), soft_wrap=True)

    def _failed(self, path: Path, reason: str, message: str) -> None:
        """Show an error."""
        self._counts["failed"] += 1
        name = screen.printable(str(path))
        self._errors.print(f"tintype: {name}: {screen.printable(message)}", soft_wrap=True)
        if self._as_json:
            value = {"file": str(path), "error": {"reason": reason, "message": message}}
            self._results.print(screen.json_line(value), soft_wrap=True)


def _total_bytes(paths: list[Path]) -> int:
    """Add up the sizes of files; one that has gone meanwhile counts nothing."""
    total = 0
    for path in paths:
        try:
            total += path.stat().st_size
        except OSError:
            continue
    return total
