"""Which addresses are public.

The tables are the IANA special-purpose registries, written out because the standard
library's `is_global` changed between its patch releases and takes an address that
carries an IPv4 address inside at its outer value.
https://www.iana.org/assignments/iana-ipv4-special-registry/
https://www.iana.org/assignments/iana-ipv6-special-registry/
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network

_NOT_PUBLIC_V4: dict[Network, str] = {
    IPv4Network(network): what
    for network, what in {
        "0.0.0.0/8": "unspecified",
        "10.0.0.0/8": "private",
        "100.64.0.0/10": "carrier-grade NAT",
        "127.0.0.0/8": "loopback",
        "169.254.0.0/16": "link-local",
        "172.16.0.0/12": "private",
        "192.0.0.0/24": "reserved for protocols",
        "192.0.2.0/24": "documentation",
        "192.31.196.0/24": "reserved for protocols",
        "192.52.193.0/24": "reserved for protocols",
        "192.88.99.0/24": "6to4 relay",
        "192.168.0.0/16": "private",
        "192.175.48.0/24": "reserved for protocols",
        "198.18.0.0/15": "benchmarking",
        "198.51.100.0/24": "documentation",
        "203.0.113.0/24": "documentation",
        "224.0.0.0/4": "multicast",
        "240.0.0.0/4": "reserved",
    }.items()
}

# Only 2000::/3 is given out as global unicast; these parts of it are something else.
_GLOBAL_V6 = IPv6Network("2000::/3")
_NOT_PUBLIC_V6: dict[Network, str] = {
    IPv6Network(network): what
    for network, what in {
        "2001::/32": "Teredo",
        "2001::/23": "reserved for protocols",
        "2001:db8::/32": "documentation",
        "2002::/16": "6to4",
        "2620:4f:8000::/48": "reserved for protocols",
        "3fff::/20": "documentation",
    }.items()
}
_NAMED_V6: dict[Network, str] = {
    IPv6Network(network): what
    for network, what in {
        "::/128": "unspecified",
        "::1/128": "loopback",
        "::/96": "IPv4-compatible",
        "::ffff:0:0:0/96": "IPv4-translated",
        "64:ff9b:1::/48": "local-use NAT64",
        "fc00::/7": "private",
        "fe80::/10": "link-local",
        "fec0::/10": "site-local",
        "ff00::/8": "multicast",
    }.items()
}

# Here an IPv4 address is reached through an IPv6 one, so the inner one decides.
_MAPPED = IPv6Network("::ffff:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052; how an IPv6-only network sees IPv4
_ISATAP_IDS = (0x00005EFE, 0x02005EFE)  # RFC 5214, upper half of the interface id


def why_not_public(address: str) -> str:
    """Say what an address is when it is not public; empty when it is.

    Args:
        address: as text, with or without a zone.

    Raises:
        ValueError: it is no address.
    """
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv4Address):
        return _find(parsed, _NOT_PUBLIC_V4)
    if parsed in _MAPPED or parsed in _NAT64:
        return _why_inner(parsed)
    if parsed not in _GLOBAL_V6:
        return _find(parsed, _NAMED_V6) or "reserved"
    if (int(parsed) >> 32) & 0xFFFFFFFF in _ISATAP_IDS:
        return _why_inner(parsed)
    return _find(parsed, _NOT_PUBLIC_V6)


def _why_inner(address: IPv6Address) -> str:
    """Judge an IPv6 address by the IPv4 address in its last 32 bits."""
    return _find(IPv4Address(int(address) & 0xFFFFFFFF), _NOT_PUBLIC_V4)


def _find(address: IPv4Address | IPv6Address, networks: dict[Network, str]) -> str:
    """Return what the first network that holds the address is for; empty: none does."""
    return next((what for network, what in networks.items() if address in network), "")
