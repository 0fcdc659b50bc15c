"""One stream, several readers, a few chunks in memory."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.ingest.tee import Broken, Tee


def test_every_reader_gets_every_chunk_in_order() -> None:
    tee = Tee(reader_count=2)
    chunks = [bytes([number]) for number in range(100)]
    with ThreadPoolExecutor(2) as threads:
        readers = [
            threads.submit(lambda number=number: list(tee.read(number))) for number in (0, 1)
        ]
        for chunk in chunks:
            tee.write(chunk)
        tee.close()
        assert [reader.result(5) for reader in readers] == [chunks, chunks]


def test_the_slowest_reader_sets_the_pace() -> None:
    tee = Tee(reader_count=2)
    written = []

    def write() -> None:
        for number in range(50):
            tee.write(bytes([number]))
            written.append(number)

    with ThreadPoolExecutor(2) as threads:
        writer = threads.submit(write)
        quick = threads.submit(lambda: [next(reader) for _ in range(4) for reader in [tee.read(0)]])
        quick.result(5)
        assert not writer.done()
        assert len(written) < 10
        tee.break_off(RuntimeError("enough"))
        with pytest.raises(Broken):
            writer.result(5)


def test_whoever_breaks_off_stops_all_and_the_first_reason_stays() -> None:
    tee = Tee(reader_count=2)
    started = threading.Barrier(3)

    def read(number: int) -> list[object]:
        started.wait(5)
        return list(tee.read(number))

    with ThreadPoolExecutor(2) as threads:
        readers = [threads.submit(read, number) for number in (0, 1)]
        started.wait(5)
        first = RuntimeError("the store is gone")
        tee.break_off(first)
        tee.break_off(RuntimeError("so I stop"))
        for reader in readers:
            with pytest.raises(Broken):
                reader.result(5)
    assert tee.failure is first
    with pytest.raises(Broken):
        tee.write(b"more")
