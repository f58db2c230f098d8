"""Why a text is no genuine receipt.

::

    ReceiptRefused(Exception)   reason: RefusedBecause, a word that the command line and the page have a sentence for
"""

from __future__ import annotations

import enum


class RefusedBecause(enum.StrEnum):
    """What is wrong with it; the browser's twin is in ``static/js/receipt-read.js``."""

    UNREADABLE = "unreadable"
    """No receipt at all, or not the whole of one: it may help to read it once more."""
    NOT_OURS = "not-ours"
    """Signed with a key that is not known here, or another kind of text."""
    CHANGED = "changed"
    """The signature is not of what is written."""
    NEWER = "newer"
    """Genuine, and written in a form that came after this program."""


class ReceiptRefused(Exception):
    """The text is not a genuine receipt."""

    def __init__(self, reason: RefusedBecause) -> None:
        super().__init__(reason.value)
        self.reason = reason
