"""Codecs and header extensions of a call: ours where the other end has them, by its numbers, and nothing else."""

from collections.abc import AsyncIterator

import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.codecs import CODECS, HEADER_EXTENSIONS

from kiosk_client.aiortc_private import TRANSPORT_WIDE, agree_formats, offer_formats
from kiosk_client.errors import DescriptionRefused
from kiosk_client.media.formats import SENT_AT, STREAM, picture_formats, sound_formats

FORMATS = {
    "audio": sound_formats(redundant=True, transport_wide=True),
    "video": picture_formats(transport_wide=True),
}

SESSION = """\
v=0
o=- 1 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1
"""
TRANSPORT = """\
c=IN IP4 0.0.0.0
a=rtcp-mux
a=sendrecv
a=ice-ufrag:abcd
a=ice-pwd:abcdefghijklmnopqrstuvwx
a=fingerprint:sha-256 {}
a=setup:actpass
""".format(":".join(["AB"] * 32))
SOUND = """\
m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0
a=mid:0
a=extmap:7 {TRANSPORT_WIDE}
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:9 {STREAM}
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=fmtp:63 111/111
a=rtpmap:9 G722/8000
a=rtpmap:0 PCMU/8000
""".replace("{TRANSPORT_WIDE}", TRANSPORT_WIDE).replace("{STREAM}", STREAM)
PICTURE = """\
m=video 9 UDP/TLS/RTP/SAVPF 100 101 120 121 102 103
a=mid:1
a=extmap:5 http://example.com/another
a=extmap:9 {STREAM}
a=extmap:2 {SENT_AT}
a=rtpmap:100 H264/90000
a=fmtp:100 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f
a=rtpmap:101 rtx/90000
a=fmtp:101 apt=100
a=rtpmap:120 VP8/90000
a=rtcp-fb:120 goog-remb
a=rtcp-fb:120 transport-cc
a=rtcp-fb:120 ccm fir
a=rtcp-fb:120 nack
a=rtcp-fb:120 nack pli
a=rtpmap:121 rtx/90000
a=fmtp:121 apt=120
a=rtpmap:102 VP9/90000
a=rtpmap:103 red/90000
""".replace("{STREAM}", STREAM).replace("{SENT_AT}", SENT_AT)


@pytest.fixture
async def connection() -> AsyncIterator[RTCPeerConnection]:
    made = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    for kind in ("audio", "video"):
        made.addTransceiver(kind)
    yield made
    await made.close()


async def answered(connection: RTCPeerConnection, sound: str = SOUND, picture: str = PICTURE) -> str:
    """The answer's lines about formats, to this offer."""
    offer = (SESSION + sound + TRANSPORT + picture + TRANSPORT).replace("\n", "\r\n")
    await connection.setRemoteDescription(RTCSessionDescription(sdp=offer, type="offer"))
    agree_formats(connection, offer, FORMATS)
    answer = (await connection.createAnswer()).sdp
    kept = ("m=", "a=rtpmap", "a=fmtp", "a=rtcp-fb", "a=extmap")
    return "\n".join(line for line in answer.splitlines() if line.startswith(kept))


async def test_a_browsers_offer_is_answered_with_red_first_by_its_numbers(connection: RTCPeerConnection) -> None:
    assert await answered(connection) == "\n".join(
        [
            "m=audio 9 UDP/TLS/RTP/SAVPF 63 111",
            f"a=extmap:9 {STREAM}",
            f"a=extmap:7 {TRANSPORT_WIDE}",
            "a=rtpmap:63 red/48000/2",
            "a=fmtp:63 111/111",
            "a=rtpmap:111 opus/48000/2",
            "a=rtcp-fb:111 transport-cc",
            "a=fmtp:111 minptime=10;useinbandfec=1;stereo=0;maxaveragebitrate=32000;cbr=1;usedtx=0",
            "m=video 9 UDP/TLS/RTP/SAVPF 120 121",
            f"a=extmap:9 {STREAM}",
            f"a=extmap:2 {SENT_AT}",
            "a=rtpmap:120 VP8/90000",
            "a=rtcp-fb:120 nack",
            "a=rtcp-fb:120 nack pli",
            "a=rtcp-fb:120 transport-cc",
            "a=rtpmap:121 rtx/90000",
            "a=fmtp:121 apt=120",
        ]
    )


@pytest.mark.parametrize(
    "parameters", ["a=fmtp:63 111/9\n", "a=fmtp:63 111\n", "a=fmtp:63 63/63\n", "a=fmtp:63 apt=111\n", ""]
)
async def test_red_of_anything_but_opus_is_not_taken(parameters: str, connection: RTCPeerConnection) -> None:
    answer = await answered(connection, sound=SOUND.replace("a=fmtp:63 111/111\n", parameters))
    assert "m=audio 9 UDP/TLS/RTP/SAVPF 111\n" in answer


async def test_more_redundancy_than_ours_is_taken_as_ours(connection: RTCPeerConnection) -> None:
    answer = await answered(connection, sound=SOUND.replace("111/111", "111/111/111/111"))
    assert "a=fmtp:63 111/111\n" in answer


@pytest.mark.parametrize("number", [64, 80, 95, 200])
async def test_numbers_that_are_taken_for_rtcp_are_not_used(number: int, connection: RTCPeerConnection) -> None:
    answer = await answered(connection, sound=SOUND.replace(" 63 ", f" {number} ").replace(":63 ", f":{number} "))
    assert "m=audio 9 UDP/TLS/RTP/SAVPF 111\n" in answer


async def test_where_nothing_is_common_the_description_is_refused(connection: RTCPeerConnection) -> None:
    only = PICTURE.replace("VP8/90000", "VP9/90000")
    with pytest.raises(DescriptionRefused, match="of our codecs of video the other end has none"):
        await answered(connection, picture=only)


async def test_the_process_and_other_connections_keep_their_tables(connection: RTCPeerConnection) -> None:
    before = repr((CODECS, HEADER_EXTENSIONS))
    offer = await connection.createOffer()
    ours = offer_formats(connection, offer.sdp, FORMATS)
    assert "red/48000/2" in ours
    assert f"a=extmap:4 {TRANSPORT_WIDE}" in ours
    assert repr((CODECS, HEADER_EXTENSIONS)) == before
    other = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    other.addTransceiver("audio")
    try:
        assert "red" not in (await other.createOffer()).sdp
    finally:
        await other.close()
