from pathlib import Path

from hypothesis import assume, given
from hypothesis import strategies as st

from storage.drivers.filesystem.names import path_of
from storage.errors import InvalidKey
from storage.keys import check_key

ROOT = Path("/root")
segments = st.one_of(
    st.text("ab.~%7E25", min_size=1, max_size=6),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
    st.builds(
        lambda text, times: text * times,
        st.sampled_from(["x", "%", "é", "~"]),
        st.integers(80, 300),
    ),
    # What is left behind a cut may look like a name that means a folder.
    st.sampled_from(["x" * 250 + ending for ending in ("", ".", "..", "%2E", ".~")]),
)
keys = st.lists(segments, min_size=1, max_size=4).map("/".join)


def good(key: str) -> str:
    try:
        check_key(key)
    except InvalidKey:
        assume(False)
    return key


@given(keys.map(good), keys.map(good))
def test_no_two_keys_meet_on_the_disk(one: str, other: str) -> None:
    assume(one != other)
    first, second = path_of(ROOT, one), path_of(ROOT, other)
    assert first != second
    # Neither may need the other's file to be a folder.
    assert first not in second.parents
    assert second not in first.parents


@given(keys.map(good))
def test_every_name_fits_a_file_system(key: str) -> None:
    path = path_of(ROOT, key)
    assert all(len(name.encode()) <= 255 for name in path.parts)
    assert not {".", ".."} & set(path.parts)
    assert len(str(path).encode()) < 4000


def test_ordinary_keys_are_where_an_operator_looks_for_them() -> None:
    assert path_of(ROOT, "media/2026/11_21/original/photo 1.jpg") == Path(
        "/root/media/2026/11_21/original/photo 1.jpg"
    )
