"""Which lost packets of pictures are sent again, in how many copies, and when all go out twice from the beginning.

A packet that is lost again is missed a round trip longer, and by then its picture stands still. So on a line that loses
much it goes out twice at once, or three times: of packets that are asked for that costs as many as were lost, which is
little beside all.
"""

from __future__ import annotations

from collections.abc import Iterable

SOONEST = 0.03
"""Seconds at least before a packet is sent once more, and the shortest round trip: what is asked for meanwhile is on
its way."""

COPIES = (0.03, 0.12)
"""Share of packets lost from which on two copies go out, and three. Below the first, fewer than one in a thousand is
lost again; above the second, one in fifty would be of two."""

DOUBLED = ((0.15, 65_000), (0.08, 250_000), (0.04, 500_000))
"""Share of packets lost from which on each goes out twice at once, where so many bits a second are left for pictures,
each of them once: the more is lost, the smaller ones are better than larger ones that stumble. Where a tenth is lost,
one ask in ten is lost as well, and one answer: a picture then stands for longer than anyone overlooks, and of a hundred
packets that happens to two. Of those that go out twice one has to be asked for in a hundred."""

STAYS, STAYS_LOST, STAYS_ROOM = 10.0, 0.7, 0.8
"""Seconds for which it stays so whatever is lost, and shares of the above down to which it stays so afterwards: each
change makes pictures smaller or larger, and that costs a key frame."""


class Doubling:
    """Whether packets of pictures go out twice. Times: seconds of any one clock that never runs back."""

    def __init__(self) -> None:
        self._doubles = False
        self._since = float("-inf")

    def choose(self, lost: float, room: float, now: float, *, full: bool) -> bool:
        """For the next picture. `lost`: share of the packets of late, 0 to 1. `room`: bits a second for pictures and
        their copies. `full`: whether a queue is on the way; what it loses, more packets lose more of.
        """
        if full:
            self._doubles = False
        elif self._doubles:
            believed = lost / STAYS_LOST if now - self._since >= STAYS else 1.0
            self._doubles = _is_worth(believed, room / STAYS_ROOM)
        elif _is_worth(lost, room):
            self._doubles, self._since = True, now
        return self._doubles


def _is_worth(lost: float, room: float) -> bool:
    return any(lost >= share and room >= 2 * least for share, least in DOUBLED)


class Resends:
    """Times: seconds of any one clock that never runs back."""

    def __init__(self) -> None:
        self._sent: dict[int, float] = {}

    def asked(self, missing: Iterable[int], round_trip: float, lost: float, now: float) -> list[int]:
        """What goes out now of the packets that are `missing`, each as often as it stands there.

        First each once, then each once more, so that one gap does not lose all copies of one. `round_trip`: the
        shortest of late, seconds. `lost`: share of the packets of late, 0 to 1.
        """
        since = now - max(SOONEST, round_trip)
        self._sent = {number: at for number, at in self._sent.items() if at > since}
        due = [number for number in dict.fromkeys(missing) if number not in self._sent]
        self._sent |= dict.fromkeys(due, now)
        return due * (1 + sum(lost >= share for share in COPIES))
