"""Files as somebody with bad intentions, or a bad disk, sends them: sound ones changed, cut, joined, renamed."""

from __future__ import annotations

import functools
import io
import zipfile
from dataclasses import dataclass

from hypothesis import strategies as st
from support.papers import a_bomb_png, a_locked_pdf, a_pdf, a_picture, an_acting_pdf

NAMES = (
    "report.pdf", "صورة.png", "a.jpg", "", ".", "..", "/", "../../../../etc/passwd", "..\\..\\access.key",
    "/etc/cron.d/x.pdf", "C:\\Windows\\x.pdf", "access.key", "a.pdf\x00.png", "a.pdf\r\nX-Evil: 1", "con.pdf",
    ".htaccess", "\u202egpj.exe", "x" * 400 + ".pdf", "é" * 300, "💥.png", "letter.exe", "a.svg", "a.html",
    "%2e%2e%2fkey.pdf", "~/x.pdf",
)  # fmt: skip
SAID = (
    "application/pdf", "image/png", "image/jpeg", "", "application/octet-stream", "text/html", "image/svg+xml",
    "application/json", "multipart/form-data; boundary=x", "application/pdf; charset=utf-8", "IMAGE/PNG", "not a type",
)  # fmt: skip
MAGIC = (
    b"%PDF-1.7\n",
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n",
    b"PK\x03\x04",
    b"GIF89a",
    b"MZ",
    b"<!doctype html>",
    b"<svg ",
)


@dataclass(frozen=True)
class WildFile:
    """What is sent, as what, under which name; ``name`` goes into the header as it is here, percent-encoded."""

    content: bytes
    name: str
    said: str


def wild_files() -> st.SearchStrategy[WildFile]:
    """Of every kind, at most some hundred kilobytes: larger ones have tests of their own."""
    ending = st.text(max_size=20).map(lambda stem: f"{stem}.pdf")
    # Many say nothing of what they are, so that it is their content that is looked at.
    names = st.one_of(st.just(""), st.just(""), st.sampled_from(NAMES), st.text(max_size=80), ending)
    return st.builds(WildFile, contents(), names, st.one_of(st.just(""), st.sampled_from(SAID)))


def contents() -> st.SearchStrategy[bytes]:
    """Sound files now and then; mostly what has become of them."""
    sound = st.sampled_from(range(len(seeds()))).map(lambda number: seeds()[number])
    return st.one_of(
        sound,
        st.binary(max_size=600),
        st.builds(bytes.__add__, st.sampled_from(MAGIC), st.binary(max_size=600)),
        sound.flatmap(_changed),
        sound.flatmap(_changed),
        st.builds(_cut, sound, st.floats(0, 1)),
        st.builds(bytes.__add__, sound, sound),
        st.builds(_within, sound, sound, st.floats(0, 1)),
        st.builds(bytes.__add__, sound, st.sampled_from((b"<script>alert(1)</script>", a_zip(), b"\x00" * 99))),
    )


@functools.cache
def seeds() -> tuple[bytes, ...]:
    """Sound documents and pictures, and those that are refused for what they hold."""
    acting = (an_acting_pdf(how) for how in ("script", "launch", "submit", "files", "page", "hidden"))
    pictures = (a_picture("PNG"), a_picture("JPEG"), a_picture("JPEG", (400, 300), orientation=6))
    return (a_pdf(), a_pdf(3), *pictures, a_locked_pdf(), a_bomb_png(), a_zip(), *acting)


def a_zip() -> bytes:
    """An archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("../../inside.txt", "inside")
    return file.getvalue()


def _changed(seed: bytes) -> st.SearchStrategy[bytes]:
    """Some bytes of it are others, or not there, or there twice."""
    place = st.integers(0, max(0, len(seed) - 1))
    change = st.tuples(place, st.sampled_from(("flip", "drop", "twice", "write")), st.binary(min_size=1, max_size=6))
    return st.lists(change, min_size=1, max_size=8).map(lambda changes: _after(seed, changes))


def _after(seed: bytes, changes: list[tuple[int, str, bytes]]) -> bytes:
    content = bytearray(seed)
    for place, how, given in changes:
        at = min(place, len(content))
        match how:
            case "flip" if at < len(content):
                content[at] ^= given[0] or 1
            case "drop":
                del content[at : at + 16 * len(given)]
            case "twice":
                content[at:at] = content[at : at + 64 * len(given)]
            case "write":
                content[at : at + len(given)] = given
    return bytes(content)


def _cut(seed: bytes, part: float) -> bytes:
    return seed[: int(len(seed) * part)]


def _within(outer: bytes, inner: bytes, part: float) -> bytes:
    at = int(len(outer) * part)
    return outer[:at] + inner + outer[at:]
