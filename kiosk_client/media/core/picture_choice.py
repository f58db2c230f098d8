"""Which of a camera's pictures are encoded, and which of them as key frames.

A pure core in the shape of a question: `choose` for each picture that the source gives, `made` when one has been
encoded, `asked` when the other end needs a key frame, `lost` when what was made will never arrive.
"""

from __future__ import annotations

from enum import Enum

KEY_FRAME_EVERY = 0.3
"""Seconds at least from one key frame to the next that is asked for: who asks again meanwhile asks for the one that is
on its way. A key frame costs as much as ten other pictures, and may be asked for by anybody at the other end."""

LONGEST_WAIT = 0.25
"""Seconds that what was made before may still take to go out; beyond it a picture is left out, which the eye forgives,
rather than made and sent late, which makes all after it late as well."""

EARLY = 0.25
"""Share of the time between two pictures by which one may come early: sources are not so regular."""


class Choice(Enum):
    """What to do with a picture."""

    LEAVE_OUT = "leave out"
    ENCODE = "encode"
    ENCODE_KEY = "encode as a key frame"


class PictureChoice:
    """Times: seconds of any one clock that never runs back."""

    def __init__(self) -> None:
        self._key_wanted = True
        self._key_at = float("-inf")
        self._due = float("-inf")

    def asked(self) -> None:
        """The other end needs a key frame."""
        self._key_wanted = True

    def lost(self) -> None:
        """Something that was made will not be sent: the other end could decode nothing that comes after it."""
        self._key_wanted = True
        self._key_at = float("-inf")

    def choose(self, now: float, per_second: float, waits: float) -> Choice:
        """The source gives a picture. `per_second`: how many to send. `waits`: seconds that the line is behind."""
        every = 1 / per_second
        if waits > LONGEST_WAIT or now < self._due - EARLY * every:
            return Choice.LEAVE_OUT
        # By the plan, not by the clock, so that a source of 24 a second gives 15 and not 12; but what was missed is
        # not made good.
        self._due = max(self._due, now - every) + every
        return Choice.ENCODE_KEY if self._key_wanted and now >= self._key_at + KEY_FRAME_EVERY else Choice.ENCODE

    def made(self, now: float, *, key: bool) -> None:
        """A picture was encoded, and goes out."""
        if key:
            self._key_wanted, self._key_at = False, now
