"""TLS for the relay's streams: the certificate, read again when it has changed on disk, and the session of one stream.

A session is kept apart from its socket (``ssl.MemoryBIO``), as asyncio and trio do it. On a socket of its own OpenSSL
would demand that a write which found no room be repeated with the same bytes, and media that have grown old could not
make way; and what it had read ahead would lie where epoll sees nothing. Here both are plain: ciphertext goes in or
comes out, as many bytes as there are.
"""

from __future__ import annotations

import logging
import ssl
from pathlib import Path

from media_relay.errors import RelayConfigError

CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2: forward secrecy and authenticated encryption, as every cipher of TLS 1.3 has it."""
PROTOCOLS = ["stun.turn", "stun.nat-discovery"]
"""ALPN, for those clients that name what they speak (RFC 7443 section 3)."""
RECORD = 16_384
"""Bytes of the longest record (RFC 8446 section 5.1)."""

logger = logging.getLogger(__name__)


class Certificate:
    """Whom the relay is over TLS: two PEM files, the certificate with its chain, and its key without a passphrase."""

    def __init__(self, certificate: Path, key: Path) -> None:
        """Raises RelayConfigError."""
        self._files = (certificate, key)
        self._read_as = self._stamp()
        try:
            self._context = _context(certificate, key)
        except OSError as error:
            raise RelayConfigError(f"the relay's {self._complaint(error)}") from None

    def session(self) -> TlsSession:
        """For a new stream."""
        return TlsSession(self._context)

    def look(self) -> None:
        """Reads the files again if they have changed; streams that stand keep what they began with.

        What cannot be used, as a certificate whose key has yet to follow, changes nothing, and is logged.
        """
        stamp = self._stamp()
        if stamp == self._read_as:
            return
        self._read_as = stamp
        try:
            self._context = _context(*self._files)
        except OSError as error:
            logger.error("the relay keeps its former certificate: the new %s", self._complaint(error))
        else:
            logger.info("the relay's certificate has changed, and serves new connections")

    def _stamp(self) -> list[tuple[int, int, int] | None]:
        return [_stamp_of(file) for file in self._files]

    def _complaint(self, error: OSError) -> str:
        reason = error.reason if isinstance(error, ssl.SSLError) else error.strerror
        certificate, key = self._files
        return f"certificate {certificate} and key {key} cannot be used: {reason or 'they do not belong together'}"


class TlsSession:
    """The TLS of one stream, at the server's end. What it raises is ``ssl.SSLError``: then the stream is lost."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.established = False
        """Whether the handshake is over: before, there is nothing to decrypt and nothing may be encrypted."""
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._session = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    def received(self, data: memoryview) -> bytes | None:
        """What ``data`` from the client hold in clear; None when it has ended the session. ``to_send`` may follow."""
        self._incoming.write(data)
        if not self.established and not self._shaken_hands():
            return b""
        clear: list[bytes] = []
        try:
            # Not until it says that there is no more: an error for each packet would take as long as its decryption.
            while self._incoming.pending or self._session.pending():
                record = self._session.read(RECORD)
                if not record:
                    return None
                clear.append(record)
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            return None
        return b"".join(clear)

    def encrypt(self, frame: bytes | memoryview) -> None:
        """``frame``, at most ``LONGEST`` bytes, is to be sent: it is among ``to_send``, whole."""
        self._session.write(frame)

    def to_send(self) -> bytes:
        """The ciphertext that is to be sent now; from here on it belongs to the caller."""
        return self._outgoing.read()

    @property
    def pending(self) -> int:
        """Bytes that ``to_send`` would give."""
        return self._outgoing.pending

    def _shaken_hands(self) -> bool:
        try:
            self._session.do_handshake()
        except ssl.SSLWantReadError:
            return False
        self.established = True
        return True


def _context(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)
    context.set_alpn_protocols(PROTOCOLS)
    context.options |= ssl.OP_CIPHER_SERVER_PREFERENCE | ssl.OP_NO_RENEGOTIATION
    # A call connects once, and has nothing to resume. Tickets of TLS 1.2 stay: without them OpenSSL would remember
    # every session itself, strangers' as well.
    context.num_tickets = 0
    # A key under a passphrase would ask for it where nobody sits.
    context.load_cert_chain(certificate, key, password=lambda: b"")
    return context


def _stamp_of(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_ino, found.st_size)
