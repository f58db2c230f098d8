"""Session descriptions and candidates from the other end, checked before aiortc sees them.

aiortc asserts on malformed SDP, and with a bundled connection reads the candidates of the last section only, while a
browser writes them into the first. So candidates are taken out here and handed over one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from aiortc import RTCIceCandidate
from aiortc.sdp import SessionDescription, candidate_from_sdp

from kiosk_client.errors import CandidateRefused, DescriptionRefused
from tawasul.protocol.base import LARGEST_SDP
from tawasul.protocol.ice import IceCandidate

MOST_CANDIDATES = 64
"""Candidates of one attempt. A machine with many networks and two relays has about thirty."""

SECTIONS = {"audio": 1, "video": 1, "application": 1}
"""A call is one voice, one picture and one data channel: what describes more is no call of ours."""

_CANDIDATE_LINES = re.compile(r"^a=(?:candidate:(?P<candidate>[^\r\n]*)|end-of-candidates)\r?\n", re.MULTILINE)


@dataclass(frozen=True)
class RemoteDescription:
    """A checked description without its candidates.

    `transport`: the mid of the section whose transport all share. `candidates`: those that it carried, without
    repetition. `complete`: no more will come.
    """

    sdp: str
    transport: str
    candidates: tuple[RTCIceCandidate, ...]
    complete: bool


def read_description(sdp: str) -> RemoteDescription:
    """Check and take apart an offer or answer. Raises `DescriptionRefused`, `CandidateRefused`."""
    if len(sdp) > LARGEST_SDP:
        raise DescriptionRefused(f"the session description is {len(sdp)} characters long, the limit is {LARGEST_SDP}")
    bare = _CANDIDATE_LINES.sub("", sdp)
    try:
        parsed = SessionDescription.parse(bare)
    except Exception as cause:  # aiortc raises what its parser stumbles over: AssertionError, ValueError, KeyError …
        raise DescriptionRefused(f"the session description cannot be read ({type(cause).__name__})") from cause
    kinds = [media.kind for media in parsed.media]
    if not parsed.media or any(kinds.count(kind) > SECTIONS.get(kind, 0) for kind in kinds):
        raise DescriptionRefused("the session description does not describe one voice, one picture and one channel")
    for media in parsed.media:
        if not (media.dtls and media.dtls.fingerprints and media.ice and media.ice.usernameFragment):
            raise DescriptionRefused(f"the {media.kind} section has no fingerprint or no ICE credentials")
    bundle = next((group.items for group in parsed.group if group.semantic == "BUNDLE" and group.items), None)
    transport = str(bundle[0]) if bundle else parsed.media[0].rtp.muxId
    written = dict.fromkeys(match["candidate"] for match in _CANDIDATE_LINES.finditer(sdp) if match["candidate"])
    if len(written) > MOST_CANDIDATES:
        raise CandidateRefused(f"{len(written)} candidates in one description, the limit is {MOST_CANDIDATES}")
    read = (read_candidate(IceCandidate(candidate=line[:1024]), transport) for line in written)
    return RemoteDescription(
        sdp=bare,
        transport=transport,
        candidates=tuple(candidate for candidate in read if candidate is not None),
        complete="a=end-of-candidates" in sdp,
    )


def read_candidate(given: IceCandidate, transport: str) -> RTCIceCandidate | None:
    """Turn a trickled candidate into aiortc's, for the section `transport` (RFC 8839, section 5.1).

    None for one that is lawful and of no use to us: TCP, or RTCP's own component. Raises `CandidateRefused`.
    """
    try:
        candidate = candidate_from_sdp(given.candidate.removeprefix("a=").removeprefix("candidate:"))
    except (AssertionError, ValueError, IndexError) as cause:
        raise CandidateRefused("the ICE candidate cannot be read") from cause
    if not 0 < candidate.port < 65536:
        raise CandidateRefused(f"the ICE candidate's port {candidate.port} is none")
    if candidate.component != 1 or candidate.protocol.lower() != "udp":
        return None
    # Whatever section it was gathered for: with BUNDLE all share one transport.
    candidate.sdpMid = transport
    return candidate
