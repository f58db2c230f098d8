"""What `tawasul office` is told is checked before it starts, and refused in a sentence."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from tawasul.e2ee.anchor import Anchor, Title
from tawasul.e2ee.keys import SigningKey
from tawasul.office_client.console.config import LARGEST_ANCHOR, configured
from tawasul.office_client.console.errors import AddressNotUsable, AnchorNotUsable, AuthorityNotUsable

ANCHOR = Anchor("madinah", Title("منطقة المدينة المنورة", "Madinah region"), SigningKey.generate().public)


@pytest.fixture
def anchor(tmp_path: Path) -> Path:
    file = tmp_path / "anchor.json"
    file.write_bytes(ANCHOR.to_json())
    return file


@pytest.mark.parametrize(
    ("typed", "origin", "line"),
    [
        ("https://majlis.example", "https://majlis.example", "wss://majlis.example/signaling/office"),
        (" https://Majlis.Example:443/ ", "https://majlis.example", "wss://majlis.example/signaling/office"),
        ("https://majlis.example:8443", "https://majlis.example:8443", "wss://majlis.example:8443/signaling/office"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", "ws://127.0.0.1:8000/signaling/office"),
        ("http://[::1]:8000", "http://[::1]:8000", "ws://[::1]:8000/signaling/office"),
        ("http://localhost:80", "http://localhost", "ws://localhost/signaling/office"),
    ],
)
def test_an_address_becomes_an_origin(anchor: Path, typed: str, origin: str, line: str) -> None:
    config = configured(typed, anchor)
    assert (config.server, config.line_address("office")) == (origin, line)
    assert config.anchor == ANCHOR


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("majlis.example", "address alone"),
        ("ftp://majlis.example", "address alone"),
        ("https://", "address alone"),
        ("https://majlis.example/office", "address alone"),
        ("https://majlis.example/?a=b", "address alone"),
        ("https://office:secret@majlis.example", "password"),
        ("https://majlis.example:99999", "no address"),
        ("https://[::1", "no address"),
        # A password and a session would cross the network for everybody to read.
        ("http://majlis.example", "use https"),
        ("http://192.0.2.1:8000", "use https"),
        ("http://localhost.majlis.example", "use https"),
    ],
)
def test_another_address_is_refused(anchor: Path, typed: str, why: str) -> None:
    with pytest.raises(AddressNotUsable, match=why) as refused:
        configured(typed, anchor)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b'{"v": 1}',
        ANCHOR.to_json().replace(b'"v":1', b'"v":2'),
        ANCHOR.to_json().replace(b"madinah", b"Madinah!"),
        ANCHOR.to_json().ljust(LARGEST_ANCHOR + 1),
    ],
    ids=["nothing", "a list", "no text", "unfinished", "another version", "no region", "too long"],
)
def test_what_is_no_anchor_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "anchor.json"
    file.write_bytes(content)
    with pytest.raises(AnchorNotUsable, match="not the region's anchor"):
        configured("https://majlis.example", file)


def test_a_missing_file_is_named(tmp_path: Path, anchor: Path) -> None:
    with pytest.raises(AnchorNotUsable, match=r"nowhere\.json"):
        configured("https://majlis.example", tmp_path / "nowhere.json")
    with pytest.raises(AuthorityNotUsable, match=r"nowhere\.pem"):
        configured("https://majlis.example", anchor, authority=tmp_path / "nowhere.pem")
    with pytest.raises(AuthorityNotUsable, match="no certificates"):
        configured("https://majlis.example", anchor, authority=anchor)


def test_tls_is_verified(anchor: Path) -> None:
    security = configured("https://majlis.example", anchor).security
    assert security is not None
    assert (security.verify_mode, security.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert security.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_a_browser_leaves_the_usual_port_out_of_an_origin(anchor: Path) -> None:
    """Else the console would take its own pages for those of a stranger."""
    config = configured("https://majlis.example", anchor, port=80)
    assert config.origin == "http://127.0.0.1"
