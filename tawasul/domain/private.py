"""Personal data has a type that does not print itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, repr=False)
class Private(Generic[T]):
    """Holds a value that must not reach a log or a traceback by accident. ``reveal()`` is a word to search for."""

    _value: T

    def reveal(self) -> T:
        """The value itself: for the screen of somebody who may see it, and for the encrypted column."""
        return self._value

    def __repr__(self) -> str:
        return "Private(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)
