"""A client by TLS that asks for new keys again and again (RFC 8446 section 4.6.3): OpenSSL's, for Python's cannot."""

from __future__ import annotations

import ctypes
import ctypes.util
import select
import socket

_REQUESTED = 1
_WANTS_READ, _WANTS_WRITE = 2, 3
_PATIENCE = 30
"""Seconds for the other side to take part in the handshake."""
_SSL = ctypes.CDLL(ctypes.util.find_library("ssl"))
for _name in ("TLS_client_method", "SSL_CTX_new", "SSL_new"):
    getattr(_SSL, _name).restype = ctypes.c_void_p


class RekeyingClient:
    """Over ``sock``, which stays the caller's. It trusts anybody."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._context = ctypes.c_void_p(_SSL.SSL_CTX_new(ctypes.c_void_p(_SSL.TLS_client_method())))
        self._session = ctypes.c_void_p(_SSL.SSL_new(self._context))
        _SSL.SSL_set_fd(self._session, sock.fileno())

    def connect(self) -> None:
        """Shakes hands; the other side has to take part meanwhile."""
        while (done := _SSL.SSL_connect(self._session)) != 1:
            # A Python socket with a time-out does not block.
            wants = _SSL.SSL_get_error(self._session, done)
            assert wants in (_WANTS_READ, _WANTS_WRITE)
            reading, writing = ([self._sock], []) if wants == _WANTS_READ else ([], [self._sock])
            assert any(select.select(reading, writing, [], _PATIENCE))

    def rekey(self) -> bool:
        """Changes its keys and asks the other side to do so, of which it reads nothing; whether this could be sent."""
        _SSL.SSL_key_update(self._session, _REQUESTED)
        return bool(_SSL.SSL_do_handshake(self._session) == 1)

    def close(self) -> None:
        """Forgets the session."""
        _SSL.SSL_free(self._session)
        _SSL.SSL_CTX_free(self._context)
