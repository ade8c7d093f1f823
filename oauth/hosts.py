# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where a host is, as far as its name or address tells: on this very computer, inside a network, on the internet."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

INSIDE = (
    ".arpa",
    ".corp",
    ".home",
    ".internal",
    ".intranet",
    ".invalid",
    ".lan",
    ".local",
    ".localhost",
    ".test",
)
"""Endings of names that are known inside a network only."""

# Networks that are nobody's on the internet, or that carry another address inside. IANA's registries of
# special-purpose addresses, and the address of Azure's own services.
_NOT_PUBLIC_4 = tuple(
    map(
        IPv4Network,
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 "
        "192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 "
        "198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4".split(),
    )
)
_PUBLIC_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(map(IPv6Network, "2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20".split()))


def on_this_computer(host: str) -> bool:
    """Whether a host is the very computer that asks for it.

    :param host: in lower case; an IPv6 address with or without its brackets
    """
    address = to_address(host)
    if address is None:
        return host == "localhost" or host.endswith(".localhost")
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_loopback or address.is_unspecified


def is_inside(host: str) -> bool:
    """Whether a host is known inside a network only: its address is not public, or its name is not one of the internet.

    :param host: as above
    """
    address = to_address(host)
    if address is None:
        return "." not in host or host.endswith(INSIDE)
    return not is_public(address)


def to_address(host: str) -> Address | None:
    """Return the address that a host is, None for a name."""
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """Whether an address is one on the internet: not private, local, shared, reserved, multicast or a transition's."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    return address in _PUBLIC_6 and not any(address in network for network in _NOT_PUBLIC_6)
