"""The token of a page: HMAC-SHA-256 of the proof it was rendered for. Another site can send a cookie, never this."""

from __future__ import annotations

import hmac

from tawasul.access.policy import CitizenPrincipal, Principal, StaffPrincipal

HEADER = "x-tawasul-csrf"


class CsrfTokens:
    """Makes and verifies the tokens. Pure but for the key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, principal: Principal) -> str:
        """The token for the pages of this principal: 64 hexadecimal digits; empty for who has no cookie."""
        bound_to = _bound_to(principal)
        return hmac.digest(self._key, bound_to.encode(), "sha256").hex() if bound_to else ""

    def verify(self, principal: Principal, token: str) -> bool:
        """Whether the token is this principal's."""
        mine = self.of(principal)
        return bool(mine) and hmac.compare_digest(mine.encode(), token.encode())


def _bound_to(principal: Principal) -> str | None:
    match principal:
        case StaffPrincipal(session_id=session_id):
            return f"staff:{session_id}"
        case CitizenPrincipal(audience_id=audience_id):
            return f"citizen:{audience_id}"
        case _:
            return None
