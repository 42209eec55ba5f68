"""Network addresses that anybody may be sent to: those of the public internet."""

from ipaddress import IPv4Address, IPv6Address, ip_address

_NAT64 = IPv6Address("64:ff9b::")


def is_public(address: str) -> bool:
    """False for loopback, private, link-local, shared, reserved and multicast addresses, also where IPv6 wraps them."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _inner(found) if isinstance(found, IPv6Address) else None
    return _is_open(found if inner is None else inner)


def is_literal(host: str) -> bool:
    """Whether it is an IP address, which is not resolved; 127.2 is one of those, too."""
    return ":" in host or host.replace(".", "").isdigit()


def is_inside(host: str) -> bool:
    """Whether the host itself says that it leads inside: an IP address that is not public, or this machine's name."""
    if is_literal(host):
        return not is_public(host)
    return host.rstrip(".").lower().rpartition(".")[2] == "localhost"


def _is_open(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and address.is_site_local:  # given up, and still used inside
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that is reached through this one."""
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo:
        return address.teredo[1]
    return IPv4Address(int(address) & 0xFFFFFFFF) if int(address) >> 32 == int(_NAT64) >> 32 else None
