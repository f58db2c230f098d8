"""Session descriptions for pinning: as Chromium and aiortc write them, and as a hostile server might."""

from __future__ import annotations

from support.e2ee_world import fingerprint

OWN = fingerprint("own")
EVIL = fingerprint("evil")

CHROMIUM = (
    "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2\r\n"
    "a=extmap-allow-mixed\r\na=msid-semantic: WMS\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\n"
    f"a=ice-pwd:0123456789012345678901\r\na=fingerprint:{OWN}\r\na=setup:actpass\r\na=mid:0\r\n"
    "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\na=extmap:2 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
    "a=sendrecv\r\na=rtpmap:111 opus/48000/2\r\n"
    "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\n"
    f"a=fingerprint:{OWN}\r\na=setup:actpass\r\na=mid:1\r\na=sendrecv\r\na=rtpmap:96 VP8/90000\r\n"
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\n"
    f"a=ice-pwd:0123456789012345678901\r\na=fingerprint:{OWN}\r\na=setup:actpass\r\na=mid:2\r\na=sctp-port:5000\r\n"
)

AIORTC = (
    "v=0\r\no=- 3973006112 3973006112 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=msid-semantic:WMS *\r\n"
    "m=audio 50000 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 127.0.0.1\r\na=sendrecv\r\n"
    "a=extmap:2/sendrecv urn:ietf:params:rtp-hdrext:ssrc-audio-level vad=on\r\n"
    "a=extmap:3 urn:ietf:params:rtp-hdrext:csrc-audio-level\r\na=mid:0\r\na=rtpmap:96 opus/48000/2\r\n"
    f"a=fingerprint:{OWN}\r\na=fingerprint:sha-384 {OWN[8:]}:{OWN[8:55]}\r\na=setup:actpass\r\n"
)

DESCRIPTIONS: dict[str, str] = {
    "Chromium": CHROMIUM,
    "aiortc": AIORTC,
    "swapped": CHROMIUM.replace(OWN, EVIL),
    "one appended": CHROMIUM + f"a=fingerprint:{EVIL}\r\n",
    "one before": CHROMIUM.replace(f"a=fingerprint:{OWN}", f"a=fingerprint:{EVIL}\r\na=fingerprint:{OWN}", 1),
    "at session level": CHROMIUM.replace("t=0 0\r\n", f"t=0 0\r\na=fingerprint:{EVIL}\r\n"),
    "taken away": CHROMIUM.replace(f"a=fingerprint:{OWN}\r\n", ""),
    "by SHA-1": CHROMIUM.replace(f"a=fingerprint:{OWN}", f"a=fingerprint:sha-1 {EVIL[8:67]}"),
    "in capitals": CHROMIUM + f"A=FINGERPRINT:{EVIL}\r\n",
    "with spaces": CHROMIUM + f" a = fingerprint : {EVIL}\r\n",
    "in small letters": CHROMIUM.replace(OWN, OWN.lower()),
    "lines end by LF": CHROMIUM.replace("\r\n", "\n") + f"a=fingerprint:{EVIL}\n",
    "lines end by CR": CHROMIUM + f"a=x\ra=fingerprint:{EVIL}\r\n",
    "lines end by VT": CHROMIUM + f"a=x\va=fingerprint:{EVIL}\r\n",
    "lines end by NEL": CHROMIUM + f"a=x\x85a=fingerprint:{EVIL}\r\n",
    "lines end by LINE SEPARATOR": CHROMIUM + f"a=x\u2028a=fingerprint:{EVIL}\r\n",
    "lines end by FS": CHROMIUM + f"a=x\x1ca=fingerprint:{EVIL}\r\n",
    "no last line end": CHROMIUM[:-2],
    "no media": CHROMIUM[: CHROMIUM.index("m=audio")] + f"a=fingerprint:{EVIL}\r\n",
    "empty": "",
}
