"""The office's end of one attempt over any line: a real conversation with its proofs, and the way of its messages."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from kiosk_client.conversation import CallEnd, Conversation, Told
from kiosk_client.core.call_record import CallRecord
from kiosk_client.core.kiosk_events import Attempt, Described, Sealed
from kiosk_client.core.seals import seal, unsealed
from kiosk_client.identity import Identity
from kiosk_client.media.evidence import Witness
from kiosk_client.media.sources import CodedSource
from tawasul.protocol.base import Message
from tawasul.protocol.from_endpoint import Answer, Candidate, FromEndpoint, Offer, Seal
from tawasul.protocol.ice import IceConfiguration

Asked = TypeVar("Asked", bound=Told)
FIRST = Attempt("call-1", 1)
OFFICE_SOURCE = CodedSource(hertz=700, identity=0x0FF1)


class SealedOffice:
    """`say` writes to the kiosk. `answer`: what is sent in place of the true answer (with the true proof)."""

    def __init__(
        self,
        identity: Identity,
        say: Callable[[Message], Awaitable[None]],
        *,
        kiosk: str = "badr-1",
        attempt: Attempt = FIRST,
        source: CodedSource = OFFICE_SOURCE,
        rekey_every: float = 300.0,
        answer: str | None = None,
    ) -> None:
        self.told: list[Told] = []
        self.record = CallRecord(attempt.call_id)
        self._say = say
        self._answer = answer
        self._unsaid: asyncio.Queue[Message] = asyncio.Queue()
        self._news = asyncio.Event()
        self._end = CallEnd(offers=False, other=kiosk, identity=identity, rekey_every=rekey_every)
        self.conversation = Conversation(
            attempt, IceConfiguration(servers=()), source, self._tell, self._end, self.record
        )
        self._writing = asyncio.create_task(self._write())

    @property
    def witness(self) -> Witness:
        """What it sees and hears."""
        return self.conversation.witness

    def take(self, message: FromEndpoint) -> bool:
        """Give it what the kiosk said. False for what is not the connection's."""
        match message:
            case Offer(sdp=sdp):
                self.conversation.take_description(sdp)
            case Seal(payload=payload):
                self.conversation.take_seal(unsealed(payload))
            case Candidate(candidate=candidate):
                self.conversation.take_candidate(candidate)
            case _:
                return False
        return True

    async def until(self, kind: type[Asked], seconds: float = 15) -> Asked:
        """The first thing of this kind that it told."""
        async with asyncio.timeout(seconds):
            while True:
                found = next((told for told in self.told if isinstance(told, kind)), None)
                if found is not None:
                    return found
                self._news.clear()
                await self._news.wait()

    async def close(self, *, goodbye: bool = False, attest: bool = False) -> None:
        """End it."""
        await self.conversation.close(goodbye=goodbye, attest=attest)
        self._writing.cancel()
        await asyncio.gather(self._writing, return_exceptions=True)

    def _tell(self, told: Told) -> None:
        self.told.append(told)
        attempt = told.attempt
        match told:
            case Described(sdp=sdp):
                sdp = sdp if self._answer is None else self._answer
                self._unsaid.put_nowait(Answer(call_id=attempt.call_id, attempt=attempt.number, sdp=sdp))
            case Sealed(payload=payload):
                self._unsaid.put_nowait(seal(attempt, payload))
        self._news.set()

    async def _write(self) -> None:
        while True:
            await self._say(await self._unsaid.get())


def sees_pattern(witness: Witness, identity: int, pictures: int = 10) -> bool:
    """Whether so many advancing pictures of the coded source were decoded, the last just now."""
    seen = witness.picture
    return seen.patterns >= pictures and seen.pattern is not None and seen.pattern.identity == identity


def hears_tone(witness: Witness, hertz: float) -> bool:
    """Whether the last fifth of a second was this tone, and nearly nothing else."""
    last = witness.sound.last
    return last is not None and abs(last.frequency - hertz) < 6 and last.purity > 0.9
