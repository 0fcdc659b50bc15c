"""Conditions of writes, decided together with the write."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from storage.conformance.tools import MIB, Chapter, content_of, put, read
from storage.errors import EtagMismatch, ObjectExists, ObjectNotFound
from storage.store import ObjectStore, PutInfo

_WRITERS = 50


class Conditions(Chapter):
    """create_only, if_etag."""

    @pytest.mark.parametrize("size", [3, 9 * MIB])
    def test_create_only(self, store: ObjectStore, prefix: str, size: int) -> None:
        """The key must be free; what is there is left as it is."""
        key = prefix + "object"
        first = put(store, key, content_of(size), create_only=True)
        with pytest.raises(ObjectExists):
            put(store, key, content_of(size)[::-1], create_only=True)
        assert store.head(key) == first
        assert read(store, key) == content_of(size)
        store.delete(key)
        put(store, key, b"free again", create_only=True)

    @pytest.mark.parametrize("size", [64, 6 * MIB])
    def test_of_50_create_only_writers_one_wins(
        self, store: ObjectStore, prefix: str, size: int
    ) -> None:
        """And the object is the winner's, whole."""
        key = prefix + "object"
        writers = _WRITERS if size < MIB else 8

        def write(number: int) -> bool:
            try:
                put(store, key, bytes([number]) * size, create_only=True)
            except ObjectExists:
                return False
            return True

        with ThreadPoolExecutor(writers) as pool:
            won = list(pool.map(write, range(writers)))
        assert won.count(True) == 1
        assert read(store, key) == bytes([won.index(True)]) * size

    def test_if_etag(self, store: ObjectStore, prefix: str) -> None:
        """Only the object that was seen is replaced."""
        key = prefix + "object"
        first = put(store, key, b"first")
        second = put(store, key, b"second", if_etag=first.etag)
        with pytest.raises(EtagMismatch):
            put(store, key, b"third", if_etag=first.etag)
        assert store.head(key) == second
        assert read(store, key) == b"second"

    def test_if_etag_of_what_is_not_there(self, store: ObjectStore, prefix: str) -> None:
        """Is a missing object."""
        with pytest.raises(ObjectNotFound):
            put(store, prefix + "object", b"x", if_etag="0123456789abcdef")
        with pytest.raises(ObjectNotFound):
            store.head(prefix + "object")

    def test_of_many_if_etag_writers_one_wins(self, store: ObjectStore, prefix: str) -> None:
        """Compare and swap: nobody's change is lost unseen."""
        key = prefix + "object"
        etag = put(store, key, b"first").etag

        def write(number: int) -> bool:
            try:
                put(store, key, bytes([number]), if_etag=etag)
            except EtagMismatch:
                return False
            return True

        with ThreadPoolExecutor(_WRITERS) as pool:
            won = list(pool.map(write, range(_WRITERS)))
        assert won.count(True) == 1
        assert read(store, key) == bytes([won.index(True)])

    def test_delete_if_etag(self, store: ObjectStore, prefix: str) -> None:
        """Only the object that was seen is removed."""
        key = prefix + "object"
        first = put(store, key, b"first")
        second = put(store, key, b"second")
        with pytest.raises(EtagMismatch):
            store.delete(key, first.etag)
        assert read(store, key) == b"second"
        store.delete(key, second.etag)
        with pytest.raises(ObjectNotFound):
            store.delete(key, second.etag)

    def test_copy_conditions(self, store: ObjectStore, prefix: str) -> None:
        """On the target, and on the source's etag."""
        source = put(store, prefix + "source", b"source")
        target = put(store, prefix + "target", b"target")
        with pytest.raises(ObjectExists):
            store.copy(prefix + "source", prefix + "target", PutInfo(create_only=True))
        with pytest.raises(EtagMismatch):
            store.copy(prefix + "source", prefix + "target", PutInfo(if_etag=source.etag))
        with pytest.raises(EtagMismatch):
            store.copy(prefix + "source", prefix + "target", PutInfo(), target.etag)
        assert read(store, prefix + "target") == b"target"
        store.copy(prefix + "source", prefix + "target", PutInfo(if_etag=target.etag), source.etag)
        assert read(store, prefix + "target") == b"source"
        store.copy(prefix + "source", prefix + "new", PutInfo(create_only=True))
        assert read(store, prefix + "new") == b"source"
