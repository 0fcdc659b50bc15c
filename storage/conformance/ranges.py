"""Ranges of every kind."""

import pytest

from storage.conformance.tools import MIB, Chapter, content_of, put, read
from storage.errors import InvalidRange
from storage.store import ObjectStore

_SIZE = 9 * MIB + 123
_EDGES = [0, 1, MIB - 1, MIB, MIB + 1, 8 * MIB - 1, 8 * MIB, 8 * MIB + 1, _SIZE - 1]


class Ranges(Chapter):
    """Parts of objects."""

    @pytest.fixture(scope="class")
    @classmethod
    def big(cls, store: ObjectStore) -> str:
        """Return the key of an object of several chunks and parts."""
        key = "conformance/ranges/big"
        put(store, key, content_of(_SIZE))
        return key

    @pytest.mark.parametrize("offset", [*_EDGES, *(-edge for edge in _EDGES if edge), -_SIZE])
    @pytest.mark.parametrize("length", [None, 1, MIB, 2 * MIB + 1, _SIZE, 2 * _SIZE])
    def test_range(self, store: ObjectStore, big: str, offset: int, length: int | None) -> None:
        """Is what slicing the whole gives."""
        whole = content_of(_SIZE)[offset:]
        assert read(store, big, offset, length) == whole[:length]

    def test_reader_tells_the_range(self, store: ObjectStore, big: str) -> None:
        """Counted from the start; the info is the whole object's."""
        with store.get(big, -10, 4) as reader:
            assert (reader.offset, reader.length_bytes) == (_SIZE - 10, 4)
            assert reader.info.size_bytes == _SIZE

    def test_suffix_longer_than_the_object_is_the_whole(
        self, store: ObjectStore, prefix: str
    ) -> None:
        """As HTTP has it."""
        put(store, prefix + "object", b"hello")
        assert read(store, prefix + "object", -100) == b"hello"
        assert read(store, prefix + "object", -100, 2) == b"he"

    @pytest.mark.parametrize("offset", [5, 6, 1 << 40])
    def test_offset_at_or_beyond_the_end_is_refused(
        self, store: ObjectStore, prefix: str, offset: int
    ) -> None:
        """Said by the call, not when iterating."""
        put(store, prefix + "object", b"hello")
        with pytest.raises(InvalidRange):
            store.get(prefix + "object", offset)

    def test_empty_object(self, store: ObjectStore, prefix: str) -> None:
        """Has one range, the empty one, at 0 and as any suffix."""
        put(store, prefix + "object", b"")
        assert read(store, prefix + "object", 0, 10) == b""
        assert read(store, prefix + "object", -10) == b""
        with pytest.raises(InvalidRange):
            store.get(prefix + "object", 1)
