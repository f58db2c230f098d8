"""What the other end describes is taken apart or refused with a code, whatever bytes it is; aiortc never stumbles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_client.descriptions import read_candidate, read_description
from kiosk_client.errors import CandidateRefused, DescriptionRefused
from tawasul.protocol.ice import IceCandidate

BROWSER_ANSWER = "\r\n".join(
    [
        "v=0",
        "o=- 4611731400430051336 2 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE 0 1 2",
        "a=msid-semantic: WMS s",
        "m=audio 9 UDP/TLS/RTP/SAVPF 96",
        "c=IN IP4 0.0.0.0",
        "a=rtcp:9 IN IP4 0.0.0.0",
        "a=candidate:1 1 udp 2113937151 192.168.1.7 51234 typ host generation 0 network-cost 999",
        "a=candidate:2 1 tcp 1518149375 192.168.1.7 9 typ host tcptype active generation 0",
        "a=candidate:3 2 udp 2113937150 192.168.1.7 51235 typ host generation 0",
        "a=ice-ufrag:abcd",
        "a=ice-pwd:0123456789012345678901",
        "a=ice-options:trickle",
        "a=fingerprint:sha-256 " + ":".join(["AB"] * 32),
        "a=setup:active",
        "a=mid:0",
        "a=sendrecv",
        "a=rtcp-mux",
        "a=rtpmap:96 opus/48000/2",
        "a=fmtp:96 minptime=10;useinbandfec=1",
        "m=video 9 UDP/TLS/RTP/SAVPF 97 98",
        "c=IN IP4 0.0.0.0",
        "a=ice-ufrag:abcd",
        "a=ice-pwd:0123456789012345678901",
        "a=fingerprint:sha-256 " + ":".join(["AB"] * 32),
        "a=setup:active",
        "a=mid:1",
        "a=sendrecv",
        "a=rtcp-mux",
        "a=rtpmap:97 VP8/90000",
        "a=rtpmap:98 rtx/90000",
        "a=fmtp:98 apt=97",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "c=IN IP4 0.0.0.0",
        "a=ice-ufrag:abcd",
        "a=ice-pwd:0123456789012345678901",
        "a=fingerprint:sha-256 " + ":".join(["AB"] * 32),
        "a=setup:active",
        "a=mid:2",
        "a=sctp-port:5000",
        "a=max-message-size:262144",
        "",
    ]
)


def test_a_browser_s_answer_is_taken_apart() -> None:
    read = read_description(BROWSER_ANSWER)
    assert "a=candidate" not in read.sdp
    assert read.transport == "0"
    assert [(candidate.ip, candidate.port, candidate.sdpMid) for candidate in read.candidates] == [
        ("192.168.1.7", 51234, "0")
    ]
    assert not read.complete
    assert read_description(BROWSER_ANSWER + "a=end-of-candidates\r\n").complete


def test_a_repeated_candidate_counts_once_and_too_many_are_refused() -> None:
    line = "a=candidate:{0} 1 udp 2113937151 10.0.0.1 {1} typ host\r\n"
    assert len(read_description(BROWSER_ANSWER + line.format(9, 9) * 100).candidates) == 2
    with pytest.raises(CandidateRefused, match="limit"):
        read_description(BROWSER_ANSWER + "".join(line.format(n, 1000 + n) for n in range(100)))


@given(
    st.lists(
        st.tuples(st.integers(0, len(BROWSER_ANSWER)), st.integers(0, 40), st.text(max_size=12)), min_size=1, max_size=6
    )
)
def test_a_mutated_description_is_read_or_refused(cuts: list[tuple[int, int, str]]) -> None:
    sdp = BROWSER_ANSWER
    for at, length, put in cuts:
        sdp = sdp[:at] + put + sdp[at + length :]
    try:
        read = read_description(sdp)
    except (DescriptionRefused, CandidateRefused):
        return  # and nothing else is ever raised
    assert all(0 < candidate.port < 65536 for candidate in read.candidates)


@given(st.text(max_size=200))
def test_any_text_as_a_candidate_is_read_or_refused(text: str) -> None:
    try:
        read = read_candidate(IceCandidate(candidate=text), "0")
    except CandidateRefused:
        return  # and nothing else is ever raised
    assert read is None or (read.component, read.sdpMid) == (1, "0")


@pytest.mark.parametrize(
    "line",
    [
        "candidate:1 1 udp 2113937151 10.0.0.1 0 typ host",
        "candidate:1 1 udp 2113937151 10.0.0.1 70000 typ host",
        "candidate:1 1 udp x 10.0.0.1 9 typ host",
        "candidate:1 1 udp",
    ],
)
def test_a_candidate_that_cannot_be_is_refused(line: str) -> None:
    with pytest.raises(CandidateRefused):
        read_candidate(IceCandidate(candidate=line), "0")
