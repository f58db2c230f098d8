"""No address outside the machine stands in code, pages or configuration (F111).

A service that is asked for by default is one that a region's calls depend on and are known to. What an installation
needs from outside, its operator names in the settings. Links for a reader (comments, docstrings, docs/) are let be.
"""

import ast
import ipaddress
import re
from pathlib import Path

import pytest
from support.house import PACKAGES, comments, files, name

LOOKED_AT = (
    ".py", ".js", ".ts", ".css", ".html", ".ftl", ".svg", ".json", ".toml", ".yaml", ".yml", ".ini", ".txt", ".sh",
    ".mako", ".service", ".conf", "Makefile", ".npmrc",
    "run", "setup", "lint", "lock", "test", "install-test-packages",
)  # fmt: skip
FOLDERS = (*PACKAGES, "alembic", "deploy", "scripts", "requirements", ".ci")
AT_THE_TOP = (
    "pyproject.toml", "package.json", "package-lock.json", "tsconfig.json", "Makefile", ".npmrc",
    ".pre-commit-config.yaml",
)  # fmt: skip

ADDRESS = re.compile(r"\b(?:https?|wss?|ftp|stuns?|turns?|redis|postgresql)(?:\+\w+)?:(?://)?([^\s\"'`<>()\\,;]+)")
BARE_HOST = re.compile(r"(?<![\w@./-])((?:[a-z0-9-]+\.)+(?:com|net|org|io|dev|cloud|sa))(?![\w-])", re.IGNORECASE)
# Not with a slash after it: that is a network, as in the relay's rules, and nobody to send to.
IPV4 = re.compile(r"(?<![\w.])(\d{1,3}(?:\.\d{1,3}){3})(?![\w./])")

# Names that look like addresses: nobody ever asks them for anything.
IDENTIFIERS = (
    "www.w3.org/2000/svg",
    "www.w3.org/1999/xhtml",
    "www.w3.org/1999/xlink",
    "www.w3.org/XML/1998/namespace",
    "json-schema.org/draft/2020-12/schema",
    # RTP header extensions in SDP (RFC 8285).
    "www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    "www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
)
# RFC 2606, RFC 6761: reserved for examples and tests.
RESERVED = (".example", ".example.com", ".example.org", ".example.net", ".test", ".invalid", ".localhost", ".local")


def outside(text: str) -> list[str]:
    """Addresses in a text that lead out of the machine, with their lines."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        for identifier in IDENTIFIERS:
            line = line.replace(identifier, "localhost")
        found += [f"line {number}: {match[0]}" for match in ADDRESS.finditer(line) if leads_out(host_in(match[1]))]
        found += [f"line {number}: {match[1]}" for match in BARE_HOST.finditer(line) if leads_out(match[1])]
        found += [f"line {number}: {match[1]}" for match in IPV4.finditer(line) if leads_out(match[1])]
    return found


def without_notes(path: Path) -> str:
    """The text of a file without what is only for its reader; every line stays where it was."""
    text = path.read_text()
    if path.suffix == ".py":
        lines = text.splitlines()
        for number, comment in comments(path):
            lines[number - 1] = lines[number - 1].removesuffix(comment)
        for node in ast.walk(ast.parse(text)):
            match node:
                case ast.Expr(value=ast.Constant(value=str()), lineno=first, end_lineno=int(last)):
                    lines[first - 1 : last] = [""] * (last - first + 1)
        return "\n".join(lines)
    if path.suffix in {".js", ".ts", ".css"}:
        text = re.sub(r"/\*.*?\*/", lambda note: "\n" * note[0].count("\n"), text, flags=re.DOTALL)
        return re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
    if path.name == "package-lock.json":
        # npm writes down where each package asks for donations; nothing reads it.
        return re.sub(r'"funding": ((?:\[[^\]]*\]|\{[^}]*\}|"[^"]*"))', blank, text)
    return re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)


def blank(note: re.Match[str]) -> str:
    """Its lines, empty."""
    return "\n" * note[0].count("\n")


def host_in(rest: str) -> str:
    """The host in what follows a scheme; empty where it is filled in at run time."""
    authority = rest.split("/")[0].split("?")[0].rpartition("@")[2]
    if not authority or authority[0] in "{$%<*.":
        return ""
    if authority.startswith("["):
        return authority[1:].split("]")[0]
    return authority.split(":")[0]


def leads_out(host: str) -> bool:
    """Whether a host is neither this machine, nor reserved for examples, nor left open."""
    host = host.lower().rstrip(".")
    if host in {"", "localhost"} or f".{host}".endswith(RESERVED):
        return False
    try:
        address = ipaddress.ip_address(host)
        return address.is_global and not address.is_multicast
    except ValueError:
        # Without a dot it is a word after a colon ("turn:user"), or a name that only this machine's network knows.
        return "." in host


@pytest.mark.parametrize("path", [*files(*FOLDERS, suffixes=LOOKED_AT), *files(".", suffixes=AT_THE_TOP)], ids=name)
def test_no_address_outside_the_machine(path: Path) -> None:
    assert outside(without_notes(path)) == []


@pytest.mark.parametrize(
    "line",
    [
        "https://fonts.somewhere.com/css",
        '"stun:stun.l.somewhere.com:19302"',
        "url = 'wss://relay.gov.sa/line'",
        "host='stun.somewhere.org'",
        "server = '8.8.8.8'",
        "http://[2606:4700::1111]/",
        "redis://cache.somewhere.net:6379/0",
    ],
)
def test_an_outside_address_is_noticed(line: str) -> None:
    assert outside(line) != []


@pytest.mark.parametrize(
    "line",
    [
        "http://localhost:8000/office",
        'f"https://{host}:{port}/"',
        "turn:127.0.0.1:3478",
        "stun:[::1]:3478",
        "https://majlis.example/join",
        'xmlns="http://www.w3.org/2000/svg"',
        "224.0.0.0 10.1.2.3 192.0.2.1 169.254.0.1",
        "tawasul.app.create",
        "postgresql+psycopg://tawasul@localhost/tawasul",
    ],
)
def test_an_inside_address_is_left_alone(line: str) -> None:
    assert outside(line) == []
