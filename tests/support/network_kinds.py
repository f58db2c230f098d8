"""The kinds of network that stand between an endpoint and us, each as rules for nftables.

NATs by the words of RFC 4787: *mapping* is which outer address an inner one gets, *filtering* who may send to it.
Linux's masquerade keeps the inner port where it can, so that its mapping does not depend on the other end; with
``fully-random`` each other end sees another port.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

INDEPENDENT, ADDRESS, ADDRESS_AND_PORT = "endpoint-independent", "address-dependent", "address-and-port-dependent"


class Kind(Enum):
    """A kind of network; the value is its name in tables."""

    OPEN = "no NAT"
    FULL_CONE = "full cone"
    ADDRESS_DEPENDENT = "address-dependent"
    PORT_RESTRICTED = "port-restricted"
    SYMMETRIC = "symmetric"
    DOUBLE_NAT = "double NAT"
    UDP_BLOCKED = "UDP blocked"
    ONLY_TCP_443 = "only TCP 443"
    ONLY_IPV6 = "only IPv6"


@dataclass(frozen=True)
class Behaviour:
    """What a network does, as its tests must find it. ``None``: no datagram passes at all."""

    mapping: str | None
    filtering: str | None


BEHAVIOUR = {
    Kind.OPEN: Behaviour(INDEPENDENT, INDEPENDENT),
    Kind.FULL_CONE: Behaviour(INDEPENDENT, INDEPENDENT),
    Kind.ADDRESS_DEPENDENT: Behaviour(INDEPENDENT, ADDRESS),
    Kind.PORT_RESTRICTED: Behaviour(INDEPENDENT, ADDRESS_AND_PORT),
    Kind.SYMMETRIC: Behaviour(ADDRESS_AND_PORT, ADDRESS_AND_PORT),
    Kind.DOUBLE_NAT: Behaviour(INDEPENDENT, ADDRESS_AND_PORT),
    Kind.UDP_BLOCKED: Behaviour(None, None),
    Kind.ONLY_TCP_443: Behaviour(None, None),
    Kind.ONLY_IPV6: Behaviour(INDEPENDENT, INDEPENDENT),
}

NATS = (Kind.FULL_CONE, Kind.ADDRESS_DEPENDENT, Kind.PORT_RESTRICTED, Kind.SYMMETRIC, Kind.DOUBLE_NAT)
CLOSED = (Kind.UDP_BLOCKED, Kind.ONLY_TCP_443, Kind.ONLY_IPV6)
"""Those from which the other end can be reached by a relay alone."""


def meet_without_relay(one: Kind, other: Kind) -> bool:
    """Whether ends behind these two can find each other by what STUN tells them alone (RFC 5128, section 3.3).

    An end with a mapping of its own for each other end is known by none of them: only one that lets in whoever asks
    from an address it has spoken to can meet it.
    """
    if (one is Kind.ONLY_IPV6) != (other is Kind.ONLY_IPV6):
        return False
    hidden = [kind for kind in (one, other) if BEHAVIOUR[kind].mapping != INDEPENDENT]
    if any(BEHAVIOUR[kind].mapping is None for kind in (one, other)):
        return False
    if not hidden:
        return True
    seen = other if hidden == [one] else one
    return len(hidden) == 1 and BEHAVIOUR[seen].filtering in {INDEPENDENT, ADDRESS}


# What nobody inside asked for must not reach the router itself: it would remember it, and its own half-made connection
# would then be in the way of the inner one that comes for the same pair of addresses.
_QUIET = """
  chain input { type filter hook input priority 0; policy drop;
    iifname != "wan" accept
    ct state established,related accept
    icmp type echo-request accept
  }
"""
_MASQUERADE = 'chain out { type nat hook postrouting priority 100; oifname "wan" masquerade %s; }\n'
_FORWARD = """
  chain forward { type filter hook forward priority 0; policy drop;
    ct state established,related accept
    %s
    iifname "lan" accept
  }
"""


def rules(kind: Kind, inside: str) -> str:
    """The rules of a router of this kind, for nft, whose one host within has the address ``inside``.

    Its interfaces are ``lan`` and ``wan``.
    """
    match kind:
        case Kind.FULL_CONE:
            asked = 'iifname "wan" udp dport 1024-65535'
            let_in = f"chain in {{ type nat hook prerouting priority -100; {asked} dnat to {inside}; }}"
            return _table(_MASQUERADE % "", let_in, _FORWARD % f"ip daddr {inside} udp dport 1024-65535 accept")
        case Kind.ADDRESS_DEPENDENT:
            spoken = "set spoken { type ipv4_addr . inet_service; flags dynamic,timeout; timeout 5m; }"
            let_in = (
                'chain in { type nat hook prerouting priority -100; iifname "wan"'
                f" meta l4proto udp ip saddr . udp dport @spoken dnat to {inside}; }}"
            )
            note = 'iifname "lan" meta l4proto udp update @spoken { ip daddr . udp sport }'
            # Before "established" in the chain, so that each datagram sent keeps the door open.
            noting = f"chain noting {{ type filter hook forward priority -10; {note}; }}"
            return _table(
                spoken, _MASQUERADE % "", let_in, noting, _FORWARD % f"ip daddr {inside} ct status dnat accept"
            )
        case Kind.PORT_RESTRICTED | Kind.DOUBLE_NAT:
            return _table(_MASQUERADE % "", _FORWARD % "")
        case Kind.SYMMETRIC:
            return _table(_MASQUERADE % "random,fully-random", _FORWARD % "")
        case Kind.UDP_BLOCKED:
            return _table(_MASQUERADE % "", _FORWARD % "meta l4proto udp drop")
        case Kind.ONLY_TCP_443:
            return _table(_MASQUERADE % "", _FORWARD % "tcp dport != 443 drop\n meta l4proto != tcp drop")
        case Kind.OPEN | Kind.ONLY_IPV6:
            raise ValueError(f"{kind.value}: there is no router")


def _table(*parts: str) -> str:
    return "table ip bed {\n" + "\n".join((*parts, _QUIET)) + "\n}\n"
