"""What is yet to be seen or heard, and that it did not come in time: which says as much of the machine as of us."""

from __future__ import annotations

from collections.abc import Callable

from kiosk_client.media.evidence import Witness


async def comes(witness: Witness, holds: Callable[[Witness], bool], seconds: float) -> None:
    """Wait until `holds(witness)`. Raises `TimeoutError` after `seconds`: such a test is tried once more (ADR 35)."""
    if not await witness.until(holds, seconds):
        raise TimeoutError(f"waited {seconds:.0f} s in vain: {witness.picture}, {witness.sound}")
