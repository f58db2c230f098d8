"""DTLS fingerprints in session descriptions: taken out of one's own, written into the other's.

A description that came by the server is not checked but rewritten: with several fingerprints Chromium takes the last,
Firefox any, aiortc wants all. So each one goes, wherever it stands, and the signed one is put into every media section.
"""

from __future__ import annotations

import re

from tawasul.e2ee.errors import FingerprintMissing

# Every character at which some parser ends a line (Python's str.splitlines does at each of these): a fingerprint behind
# one of them would not be a line to us and be one to the parser.
_LINE_ENDS = re.compile("\r\n|[\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_FINGERPRINT = re.compile(r"\s*a\s*=\s*fingerprint\b.*", re.IGNORECASE)
_SHA_256 = re.compile(r"a=fingerprint:(sha-256) ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})", re.IGNORECASE | re.ASCII)
_AUDIO_LEVEL = re.compile(r"a=extmap:.*urn:ietf:params:rtp-hdrext:(ssrc-audio-level|csrc-audio-level)(\s.*)?")


def fingerprint_of(sdp: str) -> str:
    """This end's own fingerprint, as ``sha-256 AB:CD:…``, from the description it made.

    Raises FingerprintMissing when there is no SHA-256 one, or there are two that differ.
    """
    found = {match[2].upper() for line in _lines(sdp) if (match := _SHA_256.fullmatch(line))}
    if len(found) != 1:
        raise FingerprintMissing
    return f"sha-256 {found.pop()}"


def pin_sdp(sdp: str, fingerprint: str) -> str:
    """The other end's description with the signed fingerprint and no other, at the end of every media section."""
    pinned: list[str] = []
    in_media = False
    for line in _lines(sdp):
        if _FINGERPRINT.fullmatch(line):
            continue
        if line.startswith("m="):
            if in_media:
                pinned.append(f"a=fingerprint:{fingerprint}")
            in_media = True
        pinned.append(line)
    if in_media:
        pinned.append(f"a=fingerprint:{fingerprint}")
    return "".join(f"{line}\r\n" for line in pinned)


def without_audio_level(sdp: str) -> str:
    """A description that does not offer the audio-level header extensions (RFC 6464, RFC 6465).

    They travel beside the encrypted frame, and would tell the relay who speaks and when.
    """
    return "".join(f"{line}\r\n" for line in _lines(sdp) if not _AUDIO_LEVEL.fullmatch(line))


def _lines(sdp: str) -> list[str]:
    return [line for line in _LINE_ENDS.split(sdp) if line]
