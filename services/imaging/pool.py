"""The pool of decoder processes: any of them may die of an image, the service does not."""

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context, resource_tracker
from types import TracebackType
from typing import Self

from pebble import ProcessExpired, ProcessPool

from imaging.errors import DecoderCrashed, DecoderTimeout, WorkersLost
from imaging.facts import ImageFacts
from imaging.limits import Limits
from imaging.spec import ProcessSpec
from services.imaging.exchange import Exchange
from services.imaging.worker import Made, Task, prepare, run

# How long a task that nobody waits for any more may go on. Ending it costs half a
# second for a new process, and most tasks take less.
_ABANDONED_S = 1.0
ENDED = "ended"
CANCELLED = "cancelled"


@dataclass(frozen=True)
class PoolLimits:
    """What the workers may take.

    Attributes:
        workers: number of processes.
        task_s: seconds for one image.
        memory_bytes: address space for one image.
        threads: renditions that one worker encodes side by side.
    """

    workers: int
    task_s: float
    memory_bytes: int
    threads: int


class WorkerPool:
    """Runs images in spawned processes. Safe to share between threads; close it at the end."""

    def __init__(
        self, pool_limits: PoolLimits, limits: Limits, work: Callable[[Task], None] = run
    ) -> None:
        """Make a pool; its processes start with the first task.

        Args:
            pool_limits: what the workers may take.
            limits: what is taken in.
            work: what a worker does with a task.
        """
        self._pool_limits = pool_limits
        self._limits = limits
        self._work = work
        # Guards replacing a broken pool.
        self._lock = threading.Lock()
        self._pool = self._new_pool()

    def warm_up(self) -> None:
        """Start the processes before the first image comes."""
        wait([self._schedule(_nothing) for _ in range(self._pool_limits.workers)])

    def run(
        self, exchange: Exchange, spec: ProcessSpec, when_done: Callable[[], None]
    ) -> Iterator[ImageFacts | Made]:
        """Process the image in `exchange`; yields as the worker gets on, the facts first.

        Whoever tells `exchange` CANCELLED ends the iteration early. `when_done` is called
        as soon as the worker has nothing more to do with it.

        Raises:
            DecoderCrashed: the worker died, or needed more memory than it may have.
            DecoderTimeout: the worker was ended at its time limit.
            WorkersLost: idle workers were ended just when the image was to go to one.
            ImagingError: what the image itself made wrong.
        """
        task = Task(
            exchange.names, exchange.size_bytes, spec, self._limits, self._pool_limits.threads
        )
        future = self._schedule(self._work, task)
        future.add_done_callback(lambda _: when_done())
        future.add_done_callback(lambda _: exchange.tell(ENDED))
        try:
            while not isinstance(event := exchange.wait(), str):
                yield event
            if event == ENDED:
                self._raise_failure(future)
        finally:
            # Nobody is listening any more, or the task has ended and both return at once.
            wait([future], _ABANDONED_S)
            future.cancel()

    def _schedule(self, work: Callable[..., None], *task: Task) -> Future[None]:
        """Hand work to the pool, to a new one if the old one broke.

        The library gives a whole pool up when a worker dies that has nothing to do,
        as when the system ends it for want of memory.
        """
        with self._lock, _no_interrupt():
            if not self._pool.active:
                self._pool.stop()
                self._pool.join()
                self._pool = self._new_pool()
            future: Future[None] = self._pool.schedule(
                work, args=task, timeout=self._pool_limits.task_s
            )
            return future

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._pool_limits.workers,
            initializer=prepare,
            initargs=(self._pool_limits.memory_bytes,),
            # gRPC and OpenCV do not survive a fork.
            context=get_context("spawn"),
        )

    def _raise_failure(self, future: Future[None]) -> None:
        """Say in our own words how the task ended, if it did not end well."""
        try:
            future.result()
        except ProcessExpired as error:
            raise DecoderCrashed(
                f"this image ended its decoder process (exit code {error.exitcode})"
            ) from error
        except TimeoutError as error:
            raise DecoderTimeout(
                f"this image took longer than {self._pool_limits.task_s:g} seconds"
            ) from error
        except BrokenProcessPool as error:
            raise WorkersLost("the decoder processes were ended from outside") from error
        except MemoryError as error:
            raise DecoderCrashed(
                f"this image needs more than {self._pool_limits.memory_bytes >> 20} MiB of memory"
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.stop()
        self._pool.join()


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Let threads and processes that are started here inherit a blocked SIGINT.

    Ctrl-C reaches all processes of a terminal; ending the workers is the service's part.
    """
    # When it has to start the tracker, Python unblocks SIGINT behind our back.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _nothing() -> None:
    """Take a worker's time for an instant."""
