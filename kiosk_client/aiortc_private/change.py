"""What becomes of a frame on its way."""

from collections.abc import Callable

Change = Callable[[bytes], bytes | None]
"""From an encoded frame to what takes its place; None drops it."""
