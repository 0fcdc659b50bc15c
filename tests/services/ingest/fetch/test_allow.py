"""The allow list of development."""

import pytest

from services.ingest.fetch.allow import parse_allow_list


def test_hosts_addresses_and_ranges_are_told_apart() -> None:
    allow = parse_allow_list("Web.test, 127.0.0.0/8, [::1]")
    assert allow.has_host("web.test")
    assert not allow.has_host("other.web.test")
    assert allow.has_address("127.0.0.9")
    assert allow.has_address("::1")
    assert not allow.has_address("10.0.0.1")
    assert not allow.has_address("::2")


@pytest.mark.parametrize(
    "text", ["300.1.2.3", "10.0.0.0/33", "*.test", "http://x", "a b", "127.0.0.1/8"]
)
def test_a_wrong_entry_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="host name, address or range"):
        parse_allow_list(f"localhost,{text}")


def test_an_empty_list_allows_nothing() -> None:
    allow = parse_allow_list(" , ")
    assert not allow.has_host("localhost")
    assert not allow.has_address("127.0.0.1")
