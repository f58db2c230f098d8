"""How endpoints find a path to each other: the relays to use, with credentials for one call (RFC 8445, RFC 7065)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tawasul.protocol.base import Message


class IceServer(Message):
    """One STUN or TURN server, in the shape of the W3C's ``RTCIceServer``."""

    urls: Annotated[tuple[Annotated[str, Field(pattern=r"^(stun|turn)s?:", max_length=300)], ...], Field(max_length=4)]
    username: Annotated[str, Field(max_length=300)] | None = None
    credential: Annotated[str, Field(max_length=300)] | None = None


class IceConfiguration(Message):
    """``servers`` in the order to try them; ``policy`` ``relay`` hides each end's address from the other."""

    servers: Annotated[tuple[IceServer, ...], Field(max_length=8)]
    policy: Literal["all", "relay"] = "all"


class IceCandidate(Message):
    """The W3C's ``RTCIceCandidateInit``; ``candidate`` empty means that there are no more."""

    candidate: Annotated[str, Field(max_length=1024)]
    sdp_mid: Annotated[str, Field(max_length=64)] | None = None
    sdp_m_line_index: Annotated[int, Field(ge=0, le=64)] | None = None
