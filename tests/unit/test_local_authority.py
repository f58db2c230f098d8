"""The local authority: devices trust it once; what it vouches for is this machine, and not for long."""

from __future__ import annotations

import contextlib
import socket
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tawasul.local_authority import CERTIFICATE_LASTS, LocalCertificate, issue, reachable_addresses


def visit(made: LocalCertificate, trusted: Path, name: str) -> None:
    """A device that trusts ``trusted`` opens a page by ``name``. Raises: ssl.SSLCertVerificationError."""
    to_server, to_device = ssl.MemoryBIO(), ssl.MemoryBIO()
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(made.certificate, made.key)
    server = serving.wrap_bio(to_server, to_device, server_side=True)
    device = ssl.create_default_context(cafile=str(trusted)).wrap_bio(to_device, to_server, server_hostname=name)
    shaken = set[ssl.SSLObject]()
    for end in (device, server, device, server):
        with contextlib.suppress(ssl.SSLWantReadError):
            end.do_handshake()
            shaken.add(end)
    assert shaken == {device, server}


def leaf_of(made: LocalCertificate) -> x509.Certificate:
    """Our certificate; what follows it in the file is sent along."""
    return x509.load_pem_x509_certificates(made.certificate.read_bytes())[0]


def test_the_authority_is_made_once_and_the_certificate_anew(tmp_path: Path) -> None:
    first = issue(tmp_path / "authority")
    authority, certificate = first.authority.read_bytes(), first.certificate.read_bytes()
    second = issue(tmp_path / "authority")
    assert second.authority.read_bytes() == authority
    assert second.certificate.read_bytes() != certificate
    visit(second, second.authority, "localhost")


def test_it_vouches_for_this_machine_by_each_of_its_names(tmp_path: Path) -> None:
    made = issue(tmp_path)
    assert {"localhost", "127.0.0.1", "::1", *reachable_addresses()} <= set(made.names)
    for name in made.names:
        visit(made, made.authority, name)
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        visit(made, made.authority, "tawasul.example")


def test_nobody_elses_authority_vouches_for_it(tmp_path: Path) -> None:
    ours, others = issue(tmp_path / "ours"), issue(tmp_path / "others")
    with pytest.raises(ssl.SSLCertVerificationError):
        visit(ours, others.authority, "localhost")


def test_keys_are_for_their_owner_alone_and_the_certificate_does_not_carry_one(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "authority"
    made = issue(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    for key in (made.key, folder / "authority-key.pem"):
        assert key.stat().st_mode & 0o777 == 0o600
        load_pem_private_key(key.read_bytes(), password=None)
    for shown in (made.certificate, made.authority):
        assert b"PRIVATE KEY" not in shown.read_bytes()


def test_a_key_that_others_could_read_is_so_no_longer_after_the_next_start(tmp_path: Path) -> None:
    issue(tmp_path).key.chmod(0o644)
    assert issue(tmp_path).key.stat().st_mode & 0o777 == 0o600


def test_it_ends_when_it_is_said_to(tmp_path: Path) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    leaf = leaf_of(issue(tmp_path, now))
    assert leaf.not_valid_after_utc == now + CERTIFICATE_LASTS
    assert leaf.not_valid_before_utc <= now
    # The shortest that any browser maker asks for of authorities that people install themselves.
    assert timedelta(days=398) > CERTIFICATE_LASTS


def test_addresses_are_those_at_which_others_reach_this_machine() -> None:
    found = [ip_address(address) for address in reachable_addresses()]
    assert not any(address.is_loopback or address.is_link_local or address.is_unspecified for address in found)
    assert found == sorted(found, key=lambda address: (address.version, int(address)))
    for address in found:
        family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as taken:
            taken.bind((str(address), 0))
