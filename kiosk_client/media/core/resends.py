"""Which lost packets of pictures are sent again, and in how many copies.

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
