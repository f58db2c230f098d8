"""How many lines may stand whose endpoint has not said hello: who only opens sockets keeps nobody else out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

MOST_OF_ONE_SOURCE = 30
"""A governorate's endpoints may all come from one address; each says hello within a second or is closed after ten."""

MOST_OF_ALL = 500


class TooManyStrangers(Exception):
    """Another line from there has to wait until those before it have said hello."""


class Strangers:
    """Counts them. One for all doors."""

    def __init__(self) -> None:
        self._from: Counter[str] = Counter()

    @contextmanager
    def one_more(self, source: str) -> Iterator[None]:
        """For as long as the endpoint has not said hello. ``source``: its address, or its network.

        Raises:
            TooManyStrangers: there are as many as there may be.
        """
        if self._from[source] >= MOST_OF_ONE_SOURCE or self._from.total() >= MOST_OF_ALL:
            raise TooManyStrangers
        self._from[source] += 1
        try:
            yield
        finally:
            self._from[source] -= 1
            if not self._from[source]:
                del self._from[source]
