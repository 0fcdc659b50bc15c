"""Keys: which are refused, and that all others are only names."""

import pytest

from storage.conformance.tools import Chapter, longest_segment, put, read
from storage.errors import InvalidKey, ObjectNotFound
from storage.store import ObjectStore, PutInfo

WEIRD_NAMES = [
    "with space",
    "100%",
    "%2F%41",
    "a+b",
    "a#b?c&d=e",
    "...",
    ".hidden",
    "ends.",
    "~tilde~",
    "ünï/cödé/日本語/🖼️.png",
    "e\u0301 is not \u00e9",
    "quote'\"`$(x);|<>*[]{}",
    "con/aux/nul.txt",
    "UPPER/upper",
    "-rf",
    " leading and trailing ",
    "k" * 250 + ".",
    "k" * 250 + "..",
]
BAD_KEYS = {
    "": "empty",
    "/a": "begin or end",
    "a/": "begin or end",
    "a//b": "empty segment",
    ".": "'.' segment",
    "a/./b": "'.' segment",
    "..": "'..' segment",
    "a/../../etc/passwd": "'..' segment",
    "a\\b": "backslash",
    "a\0b": "control",
    "a\nb": "control",
    "a\x7fb": "control",
    "k" * 1025: "1024 bytes",
    "ü" * 513: "1024 bytes",
    "\ud800": "UTF-8",
}


class Keys(Chapter):
    """Weird keys, long keys, bad keys, keys that look like each other."""

    @pytest.mark.parametrize("name", WEIRD_NAMES)
    def test_weird_keys(self, store: ObjectStore, prefix: str, name: str) -> None:
        """A key that keeps the rules is only a name, whatever its characters."""
        key = prefix + name
        put(store, key, key.encode())
        assert store.head(key).key == key
        assert read(store, key) == key.encode()
        assert [info.key for info in store.list(key).objects] == [key]
        store.delete(key)
        with pytest.raises(ObjectNotFound):
            store.head(key)

    @pytest.mark.parametrize("letter", ["k", "%", "~", "ü", "k/"])
    def test_key_of_1024_bytes(self, store: ObjectStore, prefix: str, letter: str) -> None:
        """The longest key there is, of one segment or of many."""
        rest = 1024 - len(prefix)
        key = (prefix + letter * rest).encode()[:1023].decode(errors="ignore").rstrip("/")
        key += "x" * (1024 - len(key.encode()))
        if longest_segment(key) > self.longest_segment_bytes:
            with pytest.raises(InvalidKey):
                put(store, key, b"long")
            return
        put(store, key, b"long")
        assert read(store, key) == b"long"
        assert [info.key for info in store.list(prefix).objects] == [key]

    @pytest.mark.parametrize(("key", "rule"), BAD_KEYS.items(), ids=range(len(BAD_KEYS)))
    def test_bad_keys_are_refused_by_every_method(
        self, store: ObjectStore, prefix: str, key: str, rule: str
    ) -> None:
        """And the text says which rule is broken."""
        put(store, prefix + "good", b"")
        for method in (
            lambda: put(store, key, b"x"),
            lambda: read(store, key),
            lambda: store.head(key),
            lambda: store.delete(key),
            lambda: store.copy(key, prefix + "copy", PutInfo()),
            lambda: store.copy(prefix + "good", key, PutInfo()),
        ):
            with pytest.raises(InvalidKey, match=rule):
                method()

    def test_keys_that_differ_a_little_are_different_objects(
        self, store: ObjectStore, prefix: str
    ) -> None:
        """An object `a` and objects below `a/` do not disturb each other."""
        keys = [
            prefix + name for name in ("a", "a/b", "a/b/c", "A", "a~", "a.", "a.b", "a.b/c", "a%")
        ]
        keys += [prefix + "k" * 250 + ending for ending in ("", ".", "./b", "..", "../b")]
        for key in keys:
            put(store, key, key.encode())
        assert all(read(store, key) == key.encode() for key in keys)
        store.delete(prefix + "a")
        assert all(read(store, key) == key.encode() for key in keys[1:])
