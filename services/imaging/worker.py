"""What runs inside a worker process. Imports no gRPC: workers start quickly and stay small."""

import os
from dataclasses import dataclass, replace

from imaging.confine import confine
from imaging.facts import ImageFacts
from imaging.limits import Limits
from imaging.memory import memory_errors
from imaging.process import Rendition, process
from imaging.spec import ProcessSpec
from services.imaging.exchange import Names, open_names, write_all
from services.rpc.allocator import reuse_buffers

# The pixels of 11 megapixels; decoded JPEGs are rarely larger, as they are reduced.
_LARGEST_BUFFER_BYTES = 32 * 1024 * 1024
_IDLE_BYTES = 128 * 1024 * 1024


@dataclass(frozen=True)
class Task:
    """One image's work; the encoded image stands at the start of the memory."""

    names: Names
    size_bytes: int
    spec: ProcessSpec
    limits: Limits
    threads: int


@dataclass(frozen=True)
class Made:
    """A rendition that stands in the memory; `rendition.encoded` is left empty."""

    rendition: Rendition
    offset: int
    size_bytes: int


def prepare(memory_bytes: int) -> None:
    """Set up a fresh worker process; see `confine` for the argument."""
    reuse_pixel_buffers()
    confine(memory_bytes)


def reuse_pixel_buffers() -> None:
    """Keep the memory of pictures, at most 128 MiB of it, from one image to the next."""
    reuse_buffers(_LARGEST_BUFFER_BYTES, _IDLE_BYTES, arenas=1)


def run(task: Task) -> None:
    """Process one image: renditions into the memory, events as soon as there is one."""
    memory, events = open_names(task.names)
    try:
        encoded = os.pread(memory, task.size_bytes, 0)
        offset = task.size_bytes
        with memory_errors():
            for made in process(encoded, task.spec, task.limits, task.threads):
                if isinstance(made, ImageFacts):
                    events.send(made)
                    continue
                write_all(memory, made.encoded, offset)
                events.send(Made(replace(made, encoded=b""), offset, len(made.encoded)))
                offset += len(made.encoded)
    finally:
        os.close(memory)
        events.close()
