"""Speech over an emulated line into the kiosk's play-out, in no time: what is heard, and what was done for it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av import AudioFrame
from support.link_emulator import Line, Link, carried

from kiosk_client.media.core.speech import FRAME, RATE, SpeechPacket
from kiosk_client.media.libopus import Samples, recovers_before
from kiosk_client.media.speech_player import SpeechPlayer

FIRST_TIMESTAMP = 2**32 - 100 * FRAME
"""Two seconds before timestamps begin anew."""


@dataclass
class Heard:
    """What came out. `delays`: of each frame, in seconds, the fastest way of the line left out. `lost`: packets."""

    sound: Samples
    player: SpeechPlayer
    delays: list[float]
    lost: int

    def share(self, samples: int) -> float:
        """Of all that was played."""
        return samples / len(self.sound)


def encoded(sound: Samples, *, rate: int = 32000, fec: bool = True) -> list[bytes]:
    """`sound` as Opus, 20 ms a packet, of one size; with FEC as for a line that loses one in ten."""
    encoder = av.CodecContext.create("libopus", "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.format, encoder.layout, encoder.sample_rate = av.AudioFormat("s16"), av.AudioLayout("mono"), RATE
    encoder.bit_rate, encoder.time_base = rate, Fraction(1, RATE)
    encoder.options = {"application": "voip", "vbr": "off", "fec": str(int(fec)), "packet_loss": "10" if fec else "0"}
    packets = []
    for start in range(0, len(sound) - FRAME + 1, FRAME):
        frame = AudioFrame.from_ndarray(sound[start : start + FRAME].reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    return packets


def heard(packets: list[bytes], line: Line, link: Link, *, copies: int = 0, drift: float = 0.0) -> Heard:
    """Send `packets`, each also in the `copies` that follow it (RED), and play what comes.

    `drift`: by how much the sender's clock runs faster, as a share.
    """
    sent = [
        (number * FRAME / RATE / (1 + drift), len(packet) * (1 + copies), number)
        for number, packet in enumerate(packets)
    ]
    arrivals = carried(sent, link, line)
    player, sounds, delays = SpeechPlayer(), [], []
    for tick in range(int(len(packets) / (1 + drift))):
        now = link.delay + (tick + 0.5) * FRAME / RATE
        while arrivals and arrivals[0][0] <= now:
            arrival, number = arrivals.pop(0)
            for of in range(max(number - copies, 0), number + 1):
                player.put(speech_packet(packets[of], of, arrival))
        sounds.append(player.frame(now))
        delays.append(player.playout.delay(now))
    return Heard(np.concatenate(sounds), player, delays, link.counts[None].lost)


def speech_packet(payload: bytes, number: int, arrival: float, source: int = 1) -> SpeechPacket:
    """The packet of this number, from 0, of a stream that begins at `FIRST_TIMESTAMP`."""
    timestamp = (FIRST_TIMESTAMP + number * FRAME) % 2**32
    return SpeechPacket(source, timestamp, FRAME, payload, arrival, recovers_before(payload))
