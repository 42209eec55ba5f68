"""Addresses: Amazon's, which are led to this house; the house's; and a proxy that stands before the network."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass

DOMAIN = "amazonaws.com"
OURS = re.compile(rf"mturk-requester(-sandbox)?\.[a-z0-9-]{{1,40}}\.{re.escape(DOMAIN)}")
HTTPS_PORT = 443
_NO_PROXY = ("no_proxy", "NO_PROXY")


@dataclass(frozen=True, slots=True)
class Address:
    """`netloc` as it stands in a Host header."""

    host: str
    port: int
    tls: bool
    netloc: str

    @classmethod
    def of(cls, url: str) -> "Address | None":
        """None where it is no http or https address of a host."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return None
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        tls = parts.scheme == "https"
        netloc = parts.netloc.rpartition("@")[2]
        return cls(parts.hostname, port or (HTTPS_PORT if tls else 80), tls, netloc)


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy; `login` is `name:password` or empty."""

    host: str
    port: int
    login: str


def is_ours(host: str, port: int) -> bool:
    """Whether it is a host of Mechanical Turk's requesters."""
    return port == HTTPS_PORT and OURS.fullmatch(host.lower()) is not None


def outer_proxy(host: str) -> Proxy | None:
    """The proxy that the environment sets for https, unless it names this host as an exception."""
    url = getproxies_environment().get("https", "")
    if not url or proxy_bypass(host):
        return None
    parts = urlsplit(url if "://" in url else f"http://{url}")
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else ""
    return Proxy(parts.hostname, parts.port or 80, login) if parts.hostname else None


def exceptions(environment: Mapping[str, str] | None = None) -> str:
    """The environment's hosts that go past proxies, without those that would let Amazon's go past ours."""
    known = os.environ if environment is None else environment
    found = next((known[name] for name in _NO_PROXY if name in known), "")
    kept = (each.strip() for each in found.split(","))
    return ",".join(each for each in kept if each and each != "*" and not _covers(each))


def _covers(exception: str) -> bool:
    """Whether a proxy's exception, an end of a host's name, covers a host of Amazon's."""
    end = exception.lower().removeprefix("*").lstrip(".").partition(":")[0]
    return end == "com" or end.endswith("amazonaws.com")
