"""The measurements of `make bench-storage`: streams, small objects, memory."""

import os
import statistics
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from bench.storage_rivals import MIB, runs
from bench.storage_servers import MemoryWatch, Running

Rates = dict[str, dict[str, list[float]]]
_SMALL_BYTES = 64 * 1024


class Client(Protocol):
    """What every rival's client does."""

    def put(self, key: str, size_bytes: int) -> None: ...
    def get(self, key: str, size_bytes: int) -> None: ...
    def delete(self, key: str) -> None: ...


def seconds(work: Callable[[], None]) -> float:
    """Return how long the work takes."""
    started_s = time.perf_counter()
    work()
    return time.perf_counter() - started_s


def streams(client: Client, verb: str, size_bytes: int, count: int) -> float:
    """Put or get `count` objects at once; return MiB/s of all together."""

    def one(number: int) -> None:
        getattr(client, verb)(f"bench/{number}", size_bytes)

    with ThreadPoolExecutor(count) as pool:
        took_s = seconds(lambda: list(pool.map(one, range(count))) and None)
    return count * size_bytes / MIB / took_s


def interleaved(
    clients: Mapping[str, Client], size_bytes: int, rounds: int, count: int = 1
) -> Rates:
    """Let every client put, then every client get, in turns; return the MiB/s of each round.

    A first round warms up and does not count. The order changes with every round, so
    that nobody always runs first.
    """
    rates: Rates = {verb: {name: [] for name in clients} for verb in ("put", "get")}
    names = list(clients)
    for number in range(rounds + 1):
        order = names[number % len(names) :] + names[: number % len(names)]
        for verb in ("put", "get"):
            for name in order:
                rate = streams(clients[name], verb, size_bytes, count)
                if number:
                    rates[verb][name].append(round(rate, 1))
        for client in clients.values():
            for stream in range(count):
                client.delete(f"bench/{stream}")
    return rates


def ratio(rates: Rates, verb: str, ours: str, theirs: str) -> float:
    """Return the median over the rounds of ours over theirs in the same round."""
    pairs = zip(rates[verb][ours], rates[verb][theirs], strict=True)
    return round(statistics.median(one / other for one, other in pairs), 3)


def small_objects(clients: Mapping[str, Client], times: int) -> dict[str, dict[str, float]]:
    """Return the p50 in milliseconds of putting and getting 64 KiB, all clients in turns."""
    took: dict[str, dict[str, list[float]]] = {
        verb: {name: [] for name in clients} for verb in ("put", "get")
    }
    for number in range(times):
        for verb in ("put", "get"):
            for name, client in clients.items():
                key = f"small/{number % 100}"
                took[verb][name].append(
                    seconds(lambda c=client, v=verb, k=key: getattr(c, v)(k, _SMALL_BYTES))
                )
    return {
        verb: {name: round(statistics.median(each) * 1000, 3) for name, each in by_name.items()}
        for verb, by_name in took.items()
    }


def memory(
    client: Client, watched: Mapping[str, Running], total_bytes: int, count: int
) -> dict[str, float]:
    """Pass `total_bytes` in and out through `count` streams; return each process's growth."""
    streams(client, "put", MIB, 1)
    with MemoryWatch({name: one.process for name, one in watched.items()}) as watch:
        for verb in ("put", "get"):
            streams(client, verb, total_bytes // count, count)
    for stream in range(count):
        client.delete(f"bench/{stream}")
    return watch.growth_mib()


class PlainFile:
    """A program that writes a file and waits for the disk, and reads it again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, size_bytes: int) -> None:
        with (self._folder / key.replace("/", "-")).open("wb", buffering=0) as file:
            for content in runs(size_bytes):
                file.write(content)
            os.fsync(file.fileno())

    def get(self, key: str, size_bytes: int) -> None:
        with (self._folder / key.replace("/", "-")).open("rb", buffering=0) as file:
            read_bytes = 0
            while content := file.read(MIB):
                read_bytes += len(content)
        assert read_bytes == size_bytes

    def delete(self, key: str) -> None:
        (self._folder / key.replace("/", "-")).unlink()
