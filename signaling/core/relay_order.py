"""In which order an endpoint is given the relays of the fleet, and each relay's transports. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence

from tawasul.protocol.relay_url import RelayUrl, Transport

MOST_RELAYS = 2
"""Given to one endpoint: a second for when the first fails. Browsers ask all of them at once, each by every
transport, and grow slow beyond some five addresses."""


def ordered(
    fleet: Sequence[Sequence[RelayUrl]],
    *,
    reachable: Callable[[RelayUrl], bool],
    first: Transport | None,
    call: str,
) -> list[tuple[RelayUrl, ...]]:
    """At most MOST_RELAYS of ``fleet``, one tuple of addresses a relay, all of them to be tried from the left.

    The relay that answers by most transports comes first; among equals the ``call`` decides, so that calls are spread
    over the fleet and both ends of one are given the same relay. One that answers by none is left out, unless none
    does: then whoever looks may be the one who is cut off. ``first``: the transport that works at the endpoint's site.

    Health chooses relays, and no transport of one: what this server's own network lets through says nothing of an
    endpoint's, and kiosks would be kept from UDP by it.
    """
    spread = zlib.crc32(call.encode()) % len(fleet) if fleet else 0
    turned = [*fleet[spread:], *fleet[:spread]]
    answering = [relay for relay in turned if any(map(reachable, relay))]
    by_health = sorted(answering or turned, key=lambda relay: sum(not reachable(url) for url in relay))
    # The sort is stable: what is equal stays as it was configured, UDP before TCP before TLS.
    return [tuple(sorted(relay, key=lambda url: url.transport != first)) for relay in by_health[:MOST_RELAYS]]
