"""The kiosk's offer, line by line, and the canary for aiortc's private names."""

import re
from importlib.metadata import version

import pytest
from aiortc.rtcicetransport import RTCIceTransport

from kiosk_client.aiortc_private import require_known_names
from kiosk_client.errors import LibraryChanged
from kiosk_client.media.sources import SyntheticSource
from kiosk_client.peer import Peer
from tawasul.e2ee.pinning import fingerprint_of
from tawasul.protocol.ice import IceConfiguration

GOLDEN_OFFER = """\
v=0
o=- N N IN IP4 0.0.0.0
s=-
t=0 0
a=group:BUNDLE 0 1 2
a=msid-semantic:WMS *
m=audio PORT UDP/TLS/RTP/SAVPF 99 96
c=IN IP4 HOST
a=sendrecv
a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap:4 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=mid:0
a=msid:STREAM TRACK
a=rtcp:9 IN IP4 0.0.0.0
a=rtcp-mux
a=ssrc:SSRC cname:CNAME
a=rtpmap:99 red/48000/2
a=rtcp-fb:99 transport-cc
a=fmtp:99 96/96
a=rtpmap:96 opus/48000/2
a=rtcp-fb:96 transport-cc
a=fmtp:96 minptime=10;useinbandfec=1;stereo=0;maxaveragebitrate=32000;cbr=1;usedtx=0
a=ice-ufrag:SECRET
a=ice-pwd:SECRET
a=fingerprint:sha-256 DIGEST
a=fingerprint:sha-384 DIGEST
a=fingerprint:sha-512 DIGEST
a=setup:actpass
m=video PORT UDP/TLS/RTP/SAVPF 97 98
c=IN IP4 HOST
a=sendrecv
a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap:3 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=extmap:4 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=mid:1
a=msid:STREAM TRACK
a=rtcp:9 IN IP4 0.0.0.0
a=rtcp-mux
a=ssrc-group:FID SSRC SSRC
a=ssrc:SSRC cname:CNAME
a=ssrc:SSRC cname:CNAME
a=rtpmap:97 VP8/90000
a=rtcp-fb:97 nack
a=rtcp-fb:97 nack pli
a=rtcp-fb:97 transport-cc
a=rtpmap:98 rtx/90000
a=fmtp:98 apt=97
a=ice-ufrag:SECRET
a=ice-pwd:SECRET
a=fingerprint:sha-256 DIGEST
a=fingerprint:sha-384 DIGEST
a=fingerprint:sha-512 DIGEST
a=setup:actpass
m=application PORT UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 HOST
a=mid:2
a=sctp-port:5000
a=max-message-size:262144
a=ice-ufrag:SECRET
a=ice-pwd:SECRET
a=fingerprint:sha-256 DIGEST
a=fingerprint:sha-384 DIGEST
a=fingerprint:sha-512 DIGEST
a=setup:actpass
"""

VARIABLE = [
    (r"^o=- \d+ \d+", "o=- N N"),
    (r"^m=(\w+) \d+", r"m=\1 PORT"),
    (r"^c=IN IP[46] \S+", "c=IN IP4 HOST"),
    (r"^a=msid:\S+ \S+", "a=msid:STREAM TRACK"),
    (r"^a=ssrc:\d+ cname:\S+", "a=ssrc:SSRC cname:CNAME"),
    (r"^a=ssrc-group:FID \d+ \d+", "a=ssrc-group:FID SSRC SSRC"),
    (r"^a=ice-(ufrag|pwd):\S+", r"a=ice-\1:SECRET"),
    (r"^a=fingerprint:(\S+) \S+", r"a=fingerprint:\1 DIGEST"),
    (r"^a=(candidate:.*|end-of-candidates)\n", ""),
]


async def test_the_offer_is_one_voice_one_picture_one_channel_on_one_transport() -> None:
    peer = Peer(IceConfiguration(servers=()), await SyntheticSource().open(), lambda event: None, offers=True)
    try:
        offer = (await peer.offer()).replace("\r\n", "\n")
    finally:
        await peer.close()
    assert len(set(re.findall(r"^a=ice-ufrag:(\S+)", offer, re.MULTILINE))) == 1
    assert len(set(re.findall(r"^a=msid:(\S+)", offer, re.MULTILINE))) == 2, "the voice must not wait for the picture"
    for pattern, replacement in VARIABLE:
        offer = re.sub(pattern, replacement, offer, flags=re.MULTILINE)
    assert offer == GOLDEN_OFFER


def test_the_private_names_are_there_in_the_pinned_versions() -> None:
    require_known_names.cache_clear()
    require_known_names()
    assert (version("aiortc"), version("aioice")) == ("1.16.0", "0.13.0")


def test_a_name_that_is_gone_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    initial = RTCIceTransport.__init__

    def without(self: RTCIceTransport, gatherer: object) -> None:
        initial(self, gatherer)  # type: ignore[arg-type]
        del self._connection

    monkeypatch.setattr(RTCIceTransport, "__init__", without)
    require_known_names.cache_clear()
    with pytest.raises(LibraryChanged, match=r"without aiortc: RTCIceTransport\._connection; install the versions"):
        require_known_names()
    require_known_names.cache_clear()


async def test_the_office_answers_with_the_same_and_connects_as_the_client() -> None:
    citizen = Peer(IceConfiguration(servers=()), await SyntheticSource().open(), lambda event: None, offers=True)
    office = Peer(IceConfiguration(servers=()), await SyntheticSource().open(), lambda event: None, offers=False)
    try:
        offer = await citizen.offer()
        answer = await office.answer(offer, fingerprint_of(offer))
    finally:
        await citizen.close()
        await office.close()
    kept = re.findall(r"^(?:m=\w+|a=(?:group:BUNDLE|mid|setup|rtpmap|sendrecv|sctp-port)\b).*", answer, re.MULTILINE)
    assert [re.sub(r"^m=(\w+) \d+", r"m=\1 PORT", line).strip() for line in kept] == [
        "a=group:BUNDLE 0 1 2",
        "m=audio PORT UDP/TLS/RTP/SAVPF 99 96",
        "a=sendrecv",
        "a=mid:0",
        "a=rtpmap:99 red/48000/2",
        "a=rtpmap:96 opus/48000/2",
        "a=setup:active",
        "m=video PORT UDP/TLS/RTP/SAVPF 97 98",
        "a=sendrecv",
        "a=mid:1",
        "a=rtpmap:97 VP8/90000",
        "a=rtpmap:98 rtx/90000",
        "a=setup:active",
        "m=application PORT UDP/DTLS/SCTP webrtc-datachannel",
        "a=mid:2",
        "a=sctp-port:5000",
        "a=setup:active",
    ]
