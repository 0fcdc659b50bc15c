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
    """One way to make several sizes with sharp.

    Attributes:
        arrangement: who shares what; see `sharp/job.mjs`.
        concurrency: libvips' threads for a picture.
        own_effort: the encoder works as hard as sharp lets it by default, not as hard
            as everyone else's.
    """

    arrangement: str
    concurrency: int
    own_effort: bool = False

    def __str__(self) -> str:
        effort = " own effort" if self.own_effort else ""
        return f"sharp{effort}: {self.arrangement}, concurrency {self.concurrency}"


ARRANGEMENTS = [
    *(Arrangement(*pair) for pair in product(("own", "clone", "chain"), (1, 2))),
    *(Arrangement(*pair, own_effort=True) for pair in product(("own", "chain"), (2,))),
]


QUICK_ARRANGEMENTS = [Arrangement("chain", 2), Arrangement("chain", 2, own_effort=True)]


class Sharp:
    """A running sharp, to be asked for `arrangements`. Use it as a context manager."""

    def __init__(self, arrangements: list[Arrangement]) -> None:
        self.arrangements = arrangements

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
            "options": {"quality": job.output.quality}
            | ({} if arrangement.own_effort else job.output.sharp),
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
