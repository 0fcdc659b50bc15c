import pytest
from crc32c import crc32c
from hypothesis import given
from hypothesis import strategies as st

import storage.checksums
import tintype.checksums
from storage.checksums import chunks_of
from storage.store import MAX_CHUNK_BYTES

COPIES = [storage.checksums.combine, tintype.checksums.combine]


@pytest.mark.parametrize("combine", COPIES)
@given(first=st.binary(max_size=3000), second=st.binary(max_size=3000))
def test_the_checksum_of_a_whole_is_made_of_its_parts(
    combine: object, first: bytes, second: bytes
) -> None:
    assert combine(crc32c(first), crc32c(second), len(second)) == crc32c(first + second)


@pytest.mark.parametrize("combine", COPIES)
def test_lengths_beyond_memory(combine: object) -> None:
    # 2^40 zero bytes, doubled from one, however the doubling is cut.
    whole = crc32c(b"\0")
    for power in range(40):
        whole = combine(whole, whole, 2**power)
    other = crc32c(b"\0" * 1024)
    for power in range(10, 40):
        other = combine(other, other, 2**power)
    assert whole == other


@given(st.lists(st.binary(max_size=50)))
def test_chunks_of_carry_their_checksums(runs: list[bytes]) -> None:
    chunks = list(chunks_of(runs))
    assert b"".join(chunk.content for chunk in chunks) == b"".join(runs)
    assert all(chunk.crc32c == crc32c(chunk.content) for chunk in chunks)
    assert all(chunk.content for chunk in chunks)


def test_chunks_of_cuts_what_is_too_long() -> None:
    chunks = list(chunks_of([bytes(2 * MAX_CHUNK_BYTES + 1)]))
    assert [len(chunk.content) for chunk in chunks] == [MAX_CHUNK_BYTES, MAX_CHUNK_BYTES, 1]
