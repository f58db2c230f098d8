"""A client of a real relay over TCP or TLS, on a plain socket of its own; and certificates for the relay."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import datetime
import hashlib
import socket
import ssl
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from support.relay_client import TurnClient, credentials

from media_relay.child import RelayProcess
from media_relay.stun.channel import CHANNEL_HEADER
from media_relay.stun.framing import LONGEST, StreamDecoder, padded
from tawasul.access.relay_credentials import RelayCredentials

HOST = "127.0.0.1"
PATIENCE = 10.0
"""Seconds."""


class StreamClient(TurnClient):
    """A client whose frames come and go on ``sock``; the relay's other frames are kept until they are asked for."""

    def __init__(self, sock: socket.socket, given: RelayCredentials) -> None:
        self.socket = sock
        self.socket.settimeout(PATIENCE)
        self._decoder = StreamDecoder(LONGEST)
        self._frames: list[bytes] = []
        super().__init__(self._exchange, given)

    def say(self, frame: bytes) -> None:
        """Sends a frame."""
        self.socket.sendall(padded(frame))

    def receive(self) -> bytes:
        """The next frame. Raises TimeoutError, and ConnectionError when the relay has closed the stream."""
        while not self._frames:
            data = self.socket.recv(65_536)
            if not data:
                raise ConnectionResetError("closed")
            self._frames += self._decoder.feed(data)
            assert self._decoder.broken is None, self._decoder.broken
        return self._frames.pop(0)

    @property
    def half(self) -> bool:
        """Whether the relay left a frame half said."""
        return self._decoder.half

    def _exchange(self, request: bytes) -> bytes | None:
        self.say(request)
        passed: list[bytes] = []
        try:
            while True:
                frame = self.receive()
                if frame[:1] < b"\x40" and frame[8:20] == request[8:20]:
                    return frame
                passed.append(frame)
        except TimeoutError:
            return None
        finally:
            self._frames = passed + self._frames


async def speak_to_one_who_does_not_read(speak: Callable[[bytes], object], listener: StreamClient) -> int:
    """Speaks a while by ``speak``, then goes on while ``listener`` reads until it hears what is said now; how much of
    what came before it never hears. It hears the rest in its order, each once."""
    began, said = time.monotonic(), 0
    while time.monotonic() - began < 1.5 or said < 500:  # some 5 Mbit/s
        said += 1
        speak(struct.pack("!I", said) + bytes(1200))
        await asyncio.sleep(0.002)
    unread = said
    heard: list[int] = []
    while not heard or heard[-1] <= unread:
        said += 1
        speak(struct.pack("!I", said) + bytes(1200))
        heard.append(struct.unpack_from("!I", listener.receive(), CHANNEL_HEADER.size)[0])
    assert heard == sorted(set(heard))
    return unread - sum(number <= unread for number in heard)


def port_of(relay: RelayProcess, kind: str, host: str = HOST) -> int:
    """Where ``relay`` listens by "tcp" or "tls"."""
    return next(port for transport, at, port in relay.streams if (transport, at) == (kind, host))


@contextlib.contextmanager
def stream_client(
    relay: RelayProcess, name: str = "kiosk", *, host: str = HOST, trusting: Identity | None = None, window: int = 0
) -> Iterator[StreamClient]:
    """A client by TLS if it is ``trusting`` somebody, or else by TCP. ``window``: bytes that its kernel will hold."""
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    if window:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    sock.settimeout(PATIENCE)
    with contextlib.ExitStack() as stack:
        stack.callback(lambda: sock.close())
        sock.connect((host, port_of(relay, "tcp" if trusting is None else "tls", host)))
        if trusting is not None:
            sock = trusting.context().wrap_socket(sock, server_hostname=host)
        yield StreamClient(sock, credentials(name, expires_at=time.time() + 600))


@dataclass(frozen=True)
class Identity:
    """A self-signed certificate for loopback, and its key, in PEM files."""

    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """Trusts this certificate alone."""
        return ssl.create_default_context(cafile=str(self.certificate))

    @property
    def fingerprint(self) -> str:
        """Of its public key, as Chromium is told whom to accept."""
        certificate = x509.load_pem_x509_certificate(self.certificate.read_bytes())
        public = certificate.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return base64.b64encode(hashlib.sha256(public).digest()).decode()

    @property
    def settings(self) -> dict[str, object]:
        """For a relay that is to serve it."""
        return {"tls_port": 0, "certificate": self.certificate, "certificate_key": self.key}


def identity(directory: Path, *, name: str = "relay", hosts: Sequence[str] = (HOST, "::1")) -> Identity:
    """A new one of ``hosts``, in the files of ``name``."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host)) for host in hosts]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    found = Identity(directory / f"{name}.crt", directory / f"{name}.key")
    found.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    found.key.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return found
