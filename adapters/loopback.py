"""Which names and addresses are this very machine."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether this name is this machine and no other."""
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return host.lower() == "localhost"
    # Python up to 3.12 does not look through ::ffff:127.0.0.1 by itself.
    return bool((getattr(address, "ipv4_mapped", None) or address).is_loopback)


def host_of(address: str) -> str:
    """The name in a URL, or in a Host header after `//`; empty where there is none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
