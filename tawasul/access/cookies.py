"""The cookies: HttpOnly, SameSite=Strict, and under HTTPS Secure with the ``__Host-`` prefix (RFC 6265bis §4.1.3).

A session's cookie carries its role in its name: one browser may hold a desk and an office at once, as on the one
machine of a small site.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from tawasul.domain.people import Role


@dataclass(frozen=True, slots=True)
class Cookies:
    """Names and flags. ``https``: whether people reach the service by HTTPS."""

    https: bool

    def session_name(self, role: Role) -> str:
        """``tawasul-session-desk`` and so on."""
        return self._name(f"tawasul-session-{role.value}")

    @property
    def device_name(self) -> str:
        """The citizen's device."""
        return self._name("tawasul-device")

    def session_tokens(self, cookies: Mapping[str, str]) -> dict[Role, str]:
        """The tokens that came, by the role whose cookie they were in."""
        named = {role: cookies.get(self.session_name(role)) for role in Role}
        return {role: token for role, token in named.items() if token}

    def device(self, cookies: Mapping[str, str]) -> str | None:
        """The device's cookie that came."""
        return cookies.get(self.device_name)

    def set_session(self, response: Response, role: Role, token: str) -> None:
        """Until the browser is closed: the service itself ends it after 12 h, or 2 h without use."""
        self._set(response, self.session_name(role), token)

    def clear_session(self, response: Response, role: Role) -> None:
        """Signed out."""
        response.delete_cookie(self.session_name(role), path="/", secure=self.https, httponly=True, samesite="strict")

    def set_device(self, response: Response, cookie: str) -> None:
        """Until the browser is closed; a telephone keeps it when the page is closed."""
        self._set(response, self.device_name, cookie)

    def _set(self, response: Response, name: str, value: str) -> None:
        response.set_cookie(name, value, path="/", secure=self.https, httponly=True, samesite="strict")

    def _name(self, name: str) -> str:
        return f"__Host-{name}" if self.https else name
