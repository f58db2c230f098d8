"""Which coturn it is: what one version must be told, a later one does by itself, and complains of being told."""

from __future__ import annotations

from enum import Enum


class Dialect(Enum):
    """Which coturn reads the configuration; the value is how it is asked for."""

    DEBIAN_12 = "4.6"
    """Debian's 4.6.1: for trials on a closed network."""
    CURRENT = "4.17"
    """4.17 and later."""
