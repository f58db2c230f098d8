"""Numbers on the wire that begin anew after 16 or 32 bits, made into ones that only grow (RFC 3550, appendix A.1)."""

from __future__ import annotations

MAX_DROPOUT = 3000
"""Packets by which one may be ahead of the highest so far (RFC 3550, appendix A.1)."""

MAX_MISORDER = 1000
"""Packets by which one may be behind it. More than the RFC's 100, since what is sent again comes seconds late."""


def unwrap(value: int, near: int, bits: int) -> int:
    """The number that ends in the `bits` of `value` and is nearest to `near`; it may be negative."""
    period = 1 << bits
    ahead = (value - near) % period
    return near + (ahead if ahead < period // 2 else ahead - period)


class SequenceNumbers:
    """Extends the sequence numbers of one stream.

    A jump that no network makes is not believed until the packet after it has come as well (RFC 3550, appendix A.1):
    then the stream has begun anew, and its numbers go on far beyond all those before.
    """

    def __init__(self) -> None:
        self.highest = -1
        """The highest extended number so far; -1 before the first."""
        self._expected_after_jump: int | None = None

    def extend(self, sequence: int) -> int | None:
        """The extended number, at least 65536, of a 16-bit one; None for a packet that is not to be believed."""
        if self.highest < 0:
            self.highest = 1 << 16 | sequence
            return self.highest
        extended = unwrap(sequence, self.highest, 16)
        if not -MAX_MISORDER <= extended - self.highest <= MAX_DROPOUT:
            if sequence != self._expected_after_jump:
                self._expected_after_jump = (sequence + 1) % (1 << 16)
                return None
            extended = ((self.highest >> 16) + 2) << 16 | sequence
        self._expected_after_jump = None
        self.highest = max(self.highest, extended)
        return extended
