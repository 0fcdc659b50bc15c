"""Listings: byte order, pages, prefixes, folding."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from storage.conformance.tools import Chapter, longest_segment, put
from storage.store import ObjectStore, Page

_MANY = 10_000
_WRITERS = 32


class Listing(Chapter):
    """What is there, in order."""

    @staticmethod
    def fill(store: ObjectStore, keys: list[str]) -> None:
        """Store ten thousand tiny objects; override it where there is a faster way."""
        with ThreadPoolExecutor(_WRITERS) as pool:
            list(pool.map(lambda key: put(store, key, b"x"), keys))

    @pytest.fixture(scope="class")
    @classmethod
    def many(cls, store: ObjectStore) -> list[str]:
        """Return ten thousand keys that are in the store, in byte order."""
        keys = [f"conformance/many/{number % 7}/{number:05d}" for number in range(_MANY)]
        cls.fill(store, keys)
        return sorted(keys)

    def test_ten_thousand_keys_across_pages(self, store: ObjectStore, many: list[str]) -> None:
        """Each exactly once, in order, at most 1,000 on a page."""
        pages = _pages(store, "conformance/many/")
        assert [info.key for page in pages for info in page.objects] == many
        assert max(len(page.objects) for page in pages) <= 1000

    @pytest.mark.parametrize("limit", [1, 2, 3, 1000])
    def test_a_prefix_stands_for_more_keys_than_a_page_holds(
        self, store: ObjectStore, many: list[str], limit: int
    ) -> None:
        """And is told once."""
        assert many
        limit = 1000 if self.folds_key_by_key else limit
        assert _folded(store, "conformance/many/", limit) == [
            f"conformance/many/{digit}/" for digit in range(7)
        ]

    @pytest.mark.parametrize("limit", [1, 2, 3, 4])
    def test_folded_pages(self, store: ObjectStore, prefix: str, limit: int) -> None:
        """A prefix is told once wherever pages end."""
        for number in range(35):
            put(store, f"{prefix}{number % 7}/{number:02d}", b"")
        assert _folded(store, prefix, limit) == [f"{prefix}{digit}/" for digit in range(7)]

    @pytest.mark.parametrize("limit", [1, 2, 3, 4, 1000])
    @pytest.mark.parametrize("delimiter", ["", "/"])
    def test_byte_order_at_every_page_size(
        self, store: ObjectStore, prefix: str, delimiter: str, limit: int
    ) -> None:
        """Where text order, path order and byte order differ."""
        names = [
            "a", "a-", "a!b", "a.b", "a/", "a/b", "a/b/c", "a/c", "a0", "aa", "A", "B/x", "Z",
            "~", "~/x", "%", "é", "e\u0301", "日本", "\uffee", "🖼", "a b", "a+b", "_",
            "x" * 300, "x" * 300 + "/y", "x" * 260, "x" * 250, "x" * 250 + "/y", "x" * 251,
        ]  # fmt: skip
        names = [name for name in names if longest_segment(name) <= self.longest_segment_bytes]
        if not self.lists_below_objects:
            names = [name for name in names if not any(name.startswith(f"{up}/") for up in names)]
        if self.lists_in_utf16_order:
            names = [name for name in names if max(name) <= "\uffff"]
        keys = sorted((prefix + name for name in names if not name.endswith("/")), key=str.encode)
        for key in keys:
            put(store, key, b"")
        folded = sorted({_fold(key, prefix, delimiter) for key in keys}, key=str.encode)
        found = [
            entry for page in _pages(store, prefix, delimiter, limit) for entry in _entries(page)
        ]
        assert found == folded

    def test_prefix_need_not_end_at_a_segment(self, store: ObjectStore, prefix: str) -> None:
        """And a prefix that is a whole key finds that key."""
        for name in ("ab/c", "abc", "abd/e/f", "b"):
            put(store, prefix + name, b"")
        assert _keys(store, prefix + "ab") == [prefix + name for name in ("ab/c", "abc", "abd/e/f")]
        assert _keys(store, prefix + "abd/e") == [prefix + "abd/e/f"]
        assert _keys(store, prefix + "abc") == [prefix + "abc"]
        assert _keys(store, prefix + "nothing") == []
        folded = store.list(prefix + "ab", "/")
        assert [info.key for info in folded.objects] == [prefix + "abc"]
        assert folded.common_prefixes == [prefix + "ab/", prefix + "abd/"]
        assert _keys(store, prefix + "ab/") == [prefix + "ab/c"]

    def test_exactly_one_page_has_no_next(self, store: ObjectStore, prefix: str) -> None:
        """The last page says that it is the last, also when it is full."""
        for name in "abcd":
            put(store, prefix + name, b"")
        assert store.list(prefix, limit=4).next_token == ""
        assert store.list(prefix, limit=3).next_token
        assert store.list(prefix + "none").objects == []
        assert store.list(prefix + "none").next_token == ""

    def test_what_is_deleted_is_not_listed(self, store: ObjectStore, prefix: str) -> None:
        """Nor do its folders stay as prefixes."""
        put(store, prefix + "a/b/c", b"")
        put(store, prefix + "d", b"")
        store.delete(prefix + "a/b/c")
        page = store.list(prefix, "/")
        assert ([info.key for info in page.objects], page.common_prefixes) == ([prefix + "d"], [])

    def test_a_listing_goes_on_where_it_was_while_keys_come_and_go(
        self, store: ObjectStore, prefix: str
    ) -> None:
        """What stays is listed exactly once; the key that the token names may be gone."""
        for name in "bdfhj":
            put(store, prefix + name, b"")
        first = store.list(prefix, limit=2)
        store.delete(prefix + "d")
        put(store, prefix + "a", b"")
        put(store, prefix + "g", b"")
        rest = store.list(prefix, token=first.next_token)
        assert [info.key[-1] for info in first.objects + rest.objects] == list("bdfghj")


def _pages(store: ObjectStore, prefix: str, delimiter: str = "", limit: int = 1000) -> list[Page]:
    """Return all pages of a listing."""
    pages = [store.list(prefix, delimiter, "", limit)]
    while pages[-1].next_token:
        pages.append(store.list(prefix, delimiter, pages[-1].next_token, limit))
    return pages


def _folded(store: ObjectStore, prefix: str, limit: int) -> list[str]:
    """Return the prefixes of all pages, where there is nothing else."""
    pages = _pages(store, prefix, "/", limit)
    assert not any(page.objects for page in pages)
    return [prefix for page in pages for prefix in page.common_prefixes]


def _keys(store: ObjectStore, prefix: str) -> list[str]:
    return [info.key for info in store.list(prefix).objects]


def _entries(page: Page) -> list[str]:
    """Return objects and prefixes of one page in their common order."""
    return sorted([*(info.key for info in page.objects), *page.common_prefixes], key=str.encode)


def _fold(key: str, prefix: str, delimiter: str) -> str:
    """Return what a listing shows for a key."""
    head, found, _ = key[len(prefix) :].partition("/")
    return f"{prefix}{head}/" if delimiter and found else key
