"""How often a password may be tried: by user name and by source, in a moving window.

A name is bounded so that a password cannot be guessed from many places; a source, so that one place cannot try one
password on many names. The bound on a name is short, so that nobody can lock somebody else out for long.
"""

from __future__ import annotations

import ipaddress
import math
import time
from dataclasses import dataclass, field

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from tawasul.domain.errors import TooManyAttempts


@dataclass(frozen=True, slots=True)
class SignInLimits:
    """Tries in a window. A right password clears its name's tries, never its source's."""

    by_name: RateLimitItem = field(default_factory=lambda: RateLimitItemPerMinute(8, 5))
    by_source: RateLimitItem = field(default_factory=lambda: RateLimitItemPerMinute(60, 5))


class Throttle:
    """Counts tries in memory: one process, and a restart forgives."""

    def __init__(self, limits: SignInLimits | None = None) -> None:
        self._limits = limits or SignInLimits()
        self._window = MovingWindowRateLimiter(MemoryStorage())

    async def count(self, user_name: str, source: str) -> None:
        """One more try, counted before it is looked at, so that many at once do not slip through.

        Raises:
            TooManyAttempts: with the seconds after which another will be heard.
        """
        # The source first: who is refused for the place they come from must not use up somebody's name.
        await self._hit(self._limits.by_source, "source", network_of(source))
        await self._hit(self._limits.by_name, "name", user_name)

    async def forgive(self, user_name: str) -> None:
        """The password was right."""
        await self._window.clear(self._limits.by_name, "name", user_name)

    async def _hit(self, limit: RateLimitItem, *who: str) -> None:
        await _hit(self._window, limit, *who)


class SourceThrottle:
    """How often one source may come with a link, in a moving window. In memory, as ``Throttle``."""

    def __init__(self, limit: RateLimitItem) -> None:
        self._limit = limit
        self._window = MovingWindowRateLimiter(MemoryStorage())

    async def count(self, source: str) -> None:
        """One more. Raises: TooManyAttempts: with the seconds after which another will be heard."""
        await _hit(self._window, self._limit, "source", network_of(source))


async def _hit(window: MovingWindowRateLimiter, limit: RateLimitItem, *who: str) -> None:
    if not await window.hit(limit, *who):
        stats = await window.get_window_stats(limit, *who)
        raise TooManyAttempts(max(1, math.ceil(stats.reset_time - time.time())))


def network_of(source: str) -> str:
    """The address, or the /64 of an IPv6 address: one household or hostile host commands a whole one."""
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return source
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)
