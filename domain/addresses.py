"""Network addresses that anybody may be sent to: those of the public internet."""

from ipaddress import IPv4Address, IPv6Address, ip_address

_NAT64 = IPv6Address("64:ff9b::")


def is_public(address: str) -> bool:
    """Return whether this is an address of the public internet: not loopback, private, link-local, shared, reserved or
    multicast, also not one of these inside an IPv6 address."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _inner(ip) if isinstance(ip, IPv6Address) else None
    return _is_open(ip if inner is None else inner)


def is_ip_address(host: str) -> bool:
    """Return whether the host is an IP address, which needs no resolution; 127.2 is one, too."""
    return ":" in host or host.replace(".", "").isdigit()


def is_internal_host(host: str) -> bool:
    """Return whether the host names an internal address by itself: an IP address that is not public, or localhost."""
    if is_ip_address(host):
        return not is_public(host)
    return host.rstrip(".").lower().rpartition(".")[2] == "localhost"


def _is_open(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and address.is_site_local:  # given up, and still used inside
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _inner(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that is reached through this IPv6 address, or None."""
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo:
        return address.teredo[1]
    return IPv4Address(int(address) & 0xFFFFFFFF) if int(address) >> 32 == int(_NAT64) >> 32 else None
