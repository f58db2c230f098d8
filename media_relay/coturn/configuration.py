"""coturn's whole configuration from ours, hardened: no command line, no NAT discovery, no TCP relaying, no old TLS.

The credentials that signaling mints are coturn's own kind (``use-auth-secret``), and both secrets of a rotation count.
What coturn cannot keep of what our relay promises is in ADR 32; the file says the part that concerns its keeper.

The later coturn has safe defaults for what 4.6 must be told, and complains of being told so: hence two dialects.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from pathlib import Path

from media_relay.config import RelayConfig
from media_relay.coturn.dialect import Dialect
from media_relay.coturn.peers import as_range, peers_of
from media_relay.errors import RelayConfigError

LONGEST_LINE = 1000
"""Bytes. coturn reads lines of 1024, and takes the rest of a longer one for the next."""

HEAD = """\
# coturn for Tawasul, written by `tawasul relay coturn`; changes made here by hand are lost with the next one.
# It holds the relay's secret: mode 600, and owned by the user that coturn runs as.
# coturn reaches every UDP port of its own addresses, where our relay reaches live relayed addresses alone. So nothing
# else of this host may listen by UDP on them, or the host's firewall must close it to the host itself.
"""


def render(config: RelayConfig, dialect: Dialect, *, machine: Iterable[str] = (), folder: Path | None = None) -> str:
    """The text of ``turnserver.conf``. It holds the secrets: for ``write_private``.

    ``machine``: all addresses of the host it is for, which coturn must not send to. ``folder``: where coturn keeps its
    process id and its (empty) database; without one, where its package has them.

    Raises RelayConfigError where coturn could not be told what ``config`` says.
    """
    if not config.secrets:
        raise RelayConfigError("the relay has no secret, and would let nobody in")
    if 0 in (config.port, config.tls_port):
        raise RelayConfigError("coturn does not tell which port the system chose for it; name one")
    if config.tls_port is not None and (config.certificate is None or config.certificate_key is None):
        raise RelayConfigError("the relay's tls_port needs a certificate and its key")
    if any(forbidden in config.realm for forbidden in "'\"\\"):
        raise RelayConfigError("coturn refuses every request for a realm with a quotation mark or a backslash")
    lines = [*_listening(config), *_credentials(config, dialect), *_limits(config), *_hardened(dialect)]
    peers = peers_of(config, machine)
    lines += [f"denied-peer-ip={as_range(network)}" for network in peers.denied]
    lines += [f"allowed-peer-ip={as_range(network)}" for network in peers.allowed]
    lines += ["allow-loopback-peers"] if config.allow_loopback else []
    lines += [] if folder is None else [_told("pidfile", f"{folder / 'turnserver.pid'}")]
    # Without a name of its own it would read, and believe, whatever the package's database holds.
    lines += [] if folder is None else [_told("userdb", f"{folder / 'turndb'}")]
    return HEAD + "".join(f"{_whole(line)}\n" for line in lines)


def _listening(config: RelayConfig) -> Iterator[str]:
    yield f"listening-port={config.port}"
    for address in config.addresses:
        yield f"listening-ip={address}"
        # Named, or coturn would relay on whatever address it finds on this host.
        yield f"relay-ip={address}"
    if config.relay_ports != (0, 0):
        yield f"min-port={config.relay_ports[0]}"
        yield f"max-port={config.relay_ports[1]}"
    yield "no-tcp-relay"
    if not config.tcp:
        yield "no-tcp"
    if config.tls_port is None:
        yield "no-tls"
        return
    # Not read: the files are those of the host that it is for.
    yield f"tls-listening-port={config.tls_port}"
    yield _told("cert", str(config.certificate))
    yield _told("pkey", str(config.certificate_key))


def _credentials(config: RelayConfig, dialect: Dialect) -> Iterator[str]:
    yield f"realm={config.realm}"
    yield "use-auth-secret"
    for secret in config.secrets:
        yield _told("static-auth-secret", secret.get_secret_value())
    yield f"stale-nonce={config.nonce_lifetime}"
    if dialect is Dialect.CURRENT:
        # The fleet's nonces are of one key, so that who is sent on to another relay need not be asked again.
        key = hmac.digest(config.secrets[0].get_secret_value().encode(), b"tawasul coturn nonce", "sha256")
        yield f"stateless-nonce-secret={key.hex()}"


def _limits(config: RelayConfig) -> Iterator[str]:
    yield f"user-quota={config.allocations_per_user}"
    yield f"total-quota={config.allocations_in_all}"
    yield f"max-bps={config.bandwidth}"  # bytes a second, each way, as ours
    yield f"max-allocate-lifetime={config.maximum_lifetime}"


def _hardened(dialect: Dialect) -> Iterator[str]:
    yield "fingerprint"
    yield "no-multicast-peers"
    yield "no-dynamic-ip-list"
    yield "no-dynamic-realms"
    yield "log-file=stdout"
    match dialect:
        case Dialect.DEBIAN_12:
            yield from ("no-cli", "no-dtls", "no-tlsv1", "no-tlsv1_1", "no-software-attribute")
            yield from ("no-rfc5780", "no-stun-backward-compatibility", "response-origin-only-with-rfc5780")
        case Dialect.CURRENT:
            yield "unauthorized-ratelimit"


def _told(name: str, value: str) -> str:
    """A value of any characters: coturn takes the quotation marks off, and nothing within them for anything else."""
    return f'{name}="{value}"'


def _whole(line: str) -> str:
    """The line, if coturn reads it as one. The message does not quote it, for it may hold a secret."""
    name = line.partition("=")[0]
    if not line.isprintable():
        raise RelayConfigError(f"coturn cannot be told a {name} with a line's end or another unprintable character")
    if len(line.encode()) > LONGEST_LINE:
        raise RelayConfigError(f"coturn cannot be told a {name} of more than {LONGEST_LINE} bytes")
    return line
