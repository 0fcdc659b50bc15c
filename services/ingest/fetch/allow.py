"""Which hosts may be fetched although they are not public: for development."""

from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from services.ingest.fetch.addresses import Network


@dataclass(frozen=True)
class AllowList:
    """Hosts and networks that are exempt from the rule that only public addresses are fetched.

    Attributes:
        hosts: names in lower case; each at any address and port.
        networks: address ranges, at any port.
    """

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    def has_host(self, host: str) -> bool:
        """Tell whether a name, in lower case, is exempt."""
        return host in self.hosts

    def has_address(self, address: str) -> bool:
        """Tell whether an address, as text, is exempt."""
        parsed = ip_address(address.partition("%")[0])
        return any(
            parsed in network for network in self.networks if network.version == parsed.version
        )


def parse_allow_list(text: str) -> AllowList:
    """Read a comma-separated list of host names, addresses and CIDR ranges.

    Raises:
        ValueError: an entry is none of these; the text names it.
    """
    hosts: set[str] = set()
    networks: list[Network] = []
    for entry in filter(None, (part.strip().lower() for part in text.split(","))):
        try:
            networks.append(ip_network(entry.strip("[]")))
        except ValueError:
            if any(sign in entry for sign in "/:@ *") or entry[0].isdigit():
                raise ValueError(
                    f"{entry!r} is no host name, address or range such as 127.0.0.0/8"
                ) from None
            hosts.add(entry)
    return AllowList(frozenset(hosts), tuple(networks))
