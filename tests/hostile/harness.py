"""A real imaging process under fire: what it answers, what it costs, whether it lives."""

import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.stack import Stack
from tintype.errors import TintypeError
from tintype.imaging.client import ImagingClient
from tintype.imaging.v1 import imaging_pb2 as pb

# Per format. `make hostile` asks for 20,000.
MUTATIONS = int(os.environ.get("TINTYPE_MUTATIONS", "60"))
TASK_S = 20.0
CALLERS = 3
_EXPECTED = {
    "UNSUPPORTED_FORMAT",
    "DAMAGED_IMAGE",
    "IMAGE_TOO_LARGE",
    "DECODER_CRASHED",
    "DECODER_TIMEOUT",
}
_SPEC = pb.ProcessSpec(renditions=[pb.RenditionSpec(name="a", width_px=24)])
_TOLERANT = pb.ProcessSpec(
    renditions=[pb.RenditionSpec(name="a", width_px=24)],
    options=pb.DecodeOptions(tolerate_truncated=True),
)


@dataclass(frozen=True)
class Target:
    """The process and a client of it."""

    process: psutil.Process
    client: ImagingClient
    folder: Path

    def rss_mib(self) -> float:
        """Memory of the service and its workers together."""
        family = [self.process, *self.process.children(recursive=True)]
        return sum(member.memory_info().rss for member in family) / 2**20


@contextmanager
def running(folder: Path) -> Iterator[Target]:
    """Run the service, and end it."""
    stack = Stack(folder, {"TINTYPE_IMAGING_TASK_S": str(TASK_S)})
    try:
        stack.start("imaging")
        process = psutil.Process(stack.processes["imaging"].pid)
        with ImagingClient(stack.settings.reach("imaging")) as client:
            yield Target(process, client, folder)
    finally:
        stack.close()


def fire(target: Target, images: Iterable[bytes]) -> Counter[str]:
    """Send every image; returns how often each kind of answer came.

    Raises:
        AssertionError: an answer that is none of those the contract has for bad images,
            or one that came too late.
    """
    counts: Counter[str] = Counter()
    callers = ThreadPoolExecutor(CALLERS)
    try:
        for answer in callers.map(lambda numbered: _send(target, *numbered), enumerate(images)):
            counts[answer] += 1
    finally:
        callers.shutdown(cancel_futures=True)
    assert target.process.is_running()
    return counts


def _send(target: Target, number: int, image: bytes) -> str:
    """Send one image, every third one with damage tolerated."""
    started = time.monotonic()
    try:
        with target.client.process([image], _TOLERANT if number % 3 == 0 else _SPEC) as processed:
            for rendition in processed.renditions():
                assert sum(len(chunk) for chunk in rendition.chunks) > 0
            answer = "made"
            assert len(processed.facts.colors) == 5
    except TintypeError as error:
        answer = error.reason
        if answer not in _EXPECTED:
            kept = target.folder / f"image-{number}"
            kept.write_bytes(image)
            said = (target.folder / "imaging.log").read_text()[-3000:]
            raise AssertionError(f"{kept}: {error}\n{said}") from error
    assert time.monotonic() - started < TASK_S + 10, "it went on past its limit"
    return answer


def table(title: str, rows: dict[str, Counter[str]]) -> str:
    """Return the counts as a table."""
    kinds = sorted({kind for counts in rows.values() for kind in counts})
    lines = [title, "  ".join(["", *kinds, "all"])]
    for name, counts in rows.items():
        cells = [f"{counts[kind]:>{len(kind)}}" for kind in kinds]
        lines.append("  ".join([f"{name:<8}", *cells, str(counts.total())]))
    return "\n".join(lines)
