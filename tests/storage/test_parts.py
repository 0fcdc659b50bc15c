"""How large the parts are that S3 and Azure are sent, or copy themselves."""

import pytest

from storage.checksums import chunks_of
from storage.conformance.tools import content_of
from storage.drivers.parts import MIB, cut
from storage.drivers.s3.copying import copied_parts

GIB = 1024 * MIB
TIB = 1024 * GIB


@pytest.mark.parametrize(
    "size_bytes",
    [1, 512 * MIB, 512 * MIB + 1, 5000 * GIB, 5000 * GIB + 1, 5 * TIB - 1, 5 * TIB],
)
def test_a_copy_of_any_size_fits_into_the_parts_of_s3(size_bytes: int) -> None:
    parts = copied_parts(size_bytes)
    assert len(parts) <= 10_000
    assert max(len(part) for part in parts) <= 5 * GIB
    assert all(len(part) >= 5 * MIB for part in parts[:-1])
    ends = [0, *(part.stop for part in parts)]
    assert [part.start for part in parts] == ends[:-1]
    assert ends[-1] == size_bytes


def test_a_copy_has_no_larger_parts_than_it_needs() -> None:
    assert [len(part) for part in copied_parts(1025 * MIB)] == [512 * MIB, 512 * MIB, MIB]
    assert len(copied_parts(5 * TIB)[0]) < 525 * MIB


def test_a_part_too_large_for_memory_is_all_there_and_reads_as_written() -> None:
    content = content_of(70 * MIB)
    parts = cut(chunks_of([content]), ((1, 66 * MIB), (1, 8 * MIB)))
    assert b"".join(bytes(part.content) for part in parts) == content
