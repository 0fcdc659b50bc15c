import re

import pytest

from storage.errors import InvalidKey
from storage.keys import check_key, upload_key


def test_an_upload_key_is_prefix_random_and_extension() -> None:
    assert re.fullmatch(r"media/2026/[0-9A-Za-z]{22}\.jpg", upload_key("media/2026", "jpg"))
    assert re.fullmatch(r"a/[0-9A-Za-z]{22}\.tar\.gz", upload_key("a", ".tar.gz"))
    assert re.fullmatch(r"[0-9A-Za-z]{22}", upload_key("", ""))


def test_upload_keys_are_unguessable() -> None:
    # 62^22 > 2^128; every digit of the alphabet turns up at every place.
    keys = [upload_key("", "") for _ in range(3000)]
    assert len(set(keys)) == len(keys)
    assert {len(set(place)) for place in zip(*keys, strict=True)} == {62}


def test_an_upload_key_keeps_the_rules_or_is_refused() -> None:
    with pytest.raises(InvalidKey):
        upload_key("a//b", "jpg")
    with pytest.raises(InvalidKey):
        upload_key("p" * 1010, "jpg")


def test_a_refusal_shows_the_key_shortened() -> None:
    with pytest.raises(InvalidKey) as refusal:
        check_key("k" * 5000)
    assert len(str(refusal.value)) < 200
