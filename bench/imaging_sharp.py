"""sharp in its own Node process, asked over a pipe."""

import json
import subprocess
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.imaging_jobs import Job

FOLDER = Path(".tools/sharp")


@dataclass(frozen=True)
class Arrangement:
    """One way to make several sizes with sharp; `concurrency` is libvips' threads a picture."""

    arrangement: str
    concurrency: int

    def __str__(self) -> str:
        return f"{self.arrangement}, concurrency {self.concurrency}"


ARRANGEMENTS = [Arrangement(*pair) for pair in product(("own", "clone", "chain"), (1, 2))]


class Sharp:
    """A running sharp. Use it as a context manager."""

    def __enter__(self) -> Self:
        script = FOLDER / "job.mjs"
        pipe = subprocess.PIPE
        self._node = subprocess.Popen(["node", script], stdin=pipe, stdout=pipe, text=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._node.stdin is not None
        self._node.stdin.close()
        self._node.wait(10)

    def run(
        self,
        job: Job,
        arrangement: Arrangement,
        *,
        count: int = 1,
        callers: int = 1,
        save: Path | None = None,
    ) -> tuple[float, float]:
        """Do a job `count` times; return milliseconds of wall and processor time for each."""
        request = {
            "file": str(job.photograph.path.resolve()),
            "widths": job.widths,
            "format": job.output.name,
            "options": job.output.sharp,
            **asdict(arrangement),
            "count": count,
            "callers": callers,
            "save": str(save.resolve()) if save else "",
        }
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        self._node.stdin.write(json.dumps(request) + "\n")
        self._node.stdin.flush()
        answer = json.loads(self._node.stdout.readline())
        return answer["wall_ms"] / count, answer["cpu_ms"] / count
