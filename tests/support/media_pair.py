"""Two native peers in one process: a citizen's end that offers and an office's that answers, with what they see."""

import asyncio
from dataclasses import dataclass, field

from kiosk_client.media.evidence import Witness
from kiosk_client.media.sources import Source
from kiosk_client.peer import Peer
from kiosk_client.peer_events import PeerEvent, TrackArrived
from kiosk_client.relays import Relays
from tawasul.e2ee.pinning import fingerprint_of
from tawasul.e2ee.session import EpochSecrets
from tawasul.protocol.ice import IceConfiguration

NO_SERVERS = IceConfiguration(servers=())


@dataclass
class End:
    """One end: its peer, what it decodes, and the events it was told."""

    witness: Witness = field(default_factory=Witness)
    events: list[PeerEvent] = field(default_factory=list)
    peer: Peer = field(init=False)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def open(self, source: Source, *, offers: bool, ice: IceConfiguration = NO_SERVERS) -> "End":
        """Make the peer on new tracks of `source`."""
        relay = await Relays().find(ice, "call-1")
        self.peer = Peer(ice, await source.open(), self.tell, offers=offers, relay=relay)
        return self

    def tell(self, event: PeerEvent) -> None:
        """Keep an event, and decode the track that came with it."""
        self.events.append(event)
        if isinstance(event, TrackArrived):
            self.witness.watch(event.track)
        self._news.set()

    async def event(self, kind: type[PeerEvent], seconds: float = 10.0) -> PeerEvent:
        """The first event of a kind, waiting for it at most so long."""
        async with asyncio.timeout(seconds):
            while True:
                found = next((event for event in self.events if isinstance(event, kind)), None)
                if found is not None:
                    return found
                self._news.clear()
                await self._news.wait()

    async def close(self) -> None:
        """Close the peer and stop decoding."""
        await self.peer.close()
        await self.witness.close()


KEYS = EpochSecrets(0, bytes(32), bytes(32))
"""Epoch 0 of two ends that did without the handshake; `tests/support/secured_pair.py` has ends that go through it."""


async def connect(citizen: End, office: End, *, keys: EpochSecrets | None = KEYS) -> None:
    """Let the citizen's end offer and the office's answer, each pinned to the other; both get `keys`, if there are."""
    offer = await citizen.peer.offer()
    answer = await office.peer.answer(offer, fingerprint_of(offer))
    await citizen.peer.take_answer(answer, fingerprint_of(answer))
    for end in (citizen, office):
        if keys is not None:
            end.peer.guard.unlock(keys)


def sees(end: End, identity: int, pictures: int = 10) -> bool:
    """Whether `end` has decoded so many advancing pictures of the coded source `identity`, the last just now."""
    seen = end.witness.picture
    return seen.patterns >= pictures and seen.pattern is not None and seen.pattern.identity == identity


def hears(end: End, hertz: float) -> bool:
    """Whether the last fifth of a second that `end` decoded was a tone of `hertz`, and nearly nothing else."""
    measure = end.witness.sound.last
    return measure is not None and abs(measure.frequency - hertz) < 6 and measure.purity > 0.9
