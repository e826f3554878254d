"""Where a try comes from, as the keys of counters.

An IPv4 address is one counter. Of IPv6 a subscriber is handed a network of /64 at least, and many are handed, or buy, a
/48: the first is counted like an address, the second beside it, with a higher limit.
"""

import ipaddress

from guichet.tenancy.signing import keyring

SUBSCRIBER, SITE = 64, 48
# RFC 6052: an IPv4 address spoken to over IPv6.
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NETWORK = "n:"
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def address_key(*, address: str) -> str:
    """The source of a try, in one word: the key of its address, and after it that of the network around it, if any."""
    ring, parsed = keyring(), _plain(ipaddress.ip_address(address))
    if isinstance(parsed, ipaddress.IPv4Address):
        return ring.digest(str(parsed), purpose="client-address")
    near, wide = (str(ipaddress.ip_network((parsed, prefix), strict=False)) for prefix in (SUBSCRIBER, SITE))
    around = ring.digest(wide, purpose="client-network")[: -len(_NETWORK)]
    return f"{ring.digest(near, purpose='client-address')} {_NETWORK}{around}"


def keys_of(source: str) -> list[str]:
    """The widest first: the order in which they are locked."""
    return source.split()[::-1]


def is_network(key: str) -> bool:
    return key.startswith(_NETWORK)


def _plain(address: _Address) -> _Address:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address
