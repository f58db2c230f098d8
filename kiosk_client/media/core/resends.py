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

DOUBLES, DOUBLES_NO_MORE = 0.15, 0.11
"""Share of packets lost from which on each goes out twice at once, and below which no more. Of those that are asked for
at such a loss one ask in five is lost, and one answer: a picture in four stands for longer than anyone overlooks. A
packet that goes out twice has to be asked for once in twenty-five."""

LEAST_DOUBLED = 65_000
"""Bits a second that have to be left for pictures, each of them once: better ones that stumble are better than none."""


class Doubling:
    """Whether packets of pictures go out twice."""

    def __init__(self) -> None:
        self._doubles = False

    def choose(self, lost: float, room: float, *, full: bool) -> bool:
        """For the next picture. `lost`: share of the packets of late, 0 to 1. `room`: bits a second for pictures, with
        their copies. `full`: whether a queue is on the way; what it loses, more packets lose more of.
        """
        enough = DOUBLES_NO_MORE if self._doubles else DOUBLES
        self._doubles = lost >= enough and room >= 2 * LEAST_DOUBLED and not full
        return self._doubles


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
