"""Attacks that need no media: on descriptions, and on the seals between the ends."""

from __future__ import annotations

import asyncio
import json
import random
import secrets
from typing import Any, Literal

from support.hostile_scene import Attack, Scene, claims_of, kind_of, opened, unb64

from signaling.core.call import End
from tawasul.protocol.from_endpoint import Answer, Offer, Relayed, Seal
from tawasul.protocol.from_server import Negotiate

GOES_ON_FOR = 1.5
"""Seconds."""

OUR_FINGERPRINT = "sha-256 " + ":".join(["E7"] * 32)


class Fingerprints(Attack):
    """A fingerprint of ours in the descriptions: `instead` of the honest one, `before` it, or `after` it.

    `level`: in the media sections, above them (`session`), or hidden where some parsers end a line and others do not.
    """

    def __init__(
        self,
        scene: Scene,
        *,
        place: Literal["instead", "before", "after"],
        level: Literal["media", "session", "hidden"] = "media",
        **options: Any,
    ) -> None:
        super().__init__(scene, **options)
        self._place = place
        self._level = level

    def passes(self, to: End, message: Relayed) -> None:
        """Descriptions are changed, seals are not."""
        if isinstance(message, Offer | Answer):
            message = message.model_copy(update={"sdp": self._changed(message.sdp)})
        super().passes(to, message)

    def _changed(self, sdp: str) -> str:
        ours = f"a=fingerprint:{OUR_FINGERPRINT}"
        lines: list[str] = []
        for line in sdp.splitlines():
            if self._level == "session" and self._place != "after" and line.startswith("m=") and ours not in lines:
                lines.append(ours)
            if not line.startswith("a=fingerprint:"):
                lines.append(line)
            elif self._level == "hidden":
                lines.append(f"{line}\x0b{ours}\x0b")
            elif self._level == "session" and self._place != "instead":
                lines.append(line)
            elif self._level == "media":
                honest = {"before": [ours, line], "after": [line, ours], "instead": [ours]}
                lines.extend(honest[self._place])
        if self._level == "session" and self._place == "after":
            # After everything: a parser that keeps the last one of all would keep ours.
            lines.append(ours)
        return "".join(f"{line}\r\n" for line in lines)


class Tampered(Attack):
    """One kind of seal (`on`) is treated badly: each `how` is a method below. The others pass.

    `from_attempt`: the attempts before it are left alone, and ended once they have begun, so that there is another.
    """

    def __init__(self, scene: Scene, *, on: str, how: str, from_attempt: int = 1, **options: Any) -> None:
        super().__init__(scene, **options)
        self._on = on
        self._how = how
        self._early_attempt = scene.attempt < from_attempt
        if self._early_attempt:
            self.spawn(self._begin_anew())

    async def _begin_anew(self) -> None:
        """The media are said to be lost, after the call has gone on for a while."""
        await asyncio.sleep(GOES_ON_FOR)
        self.scene.begin_anew()

    def passes(self, to: End, message: Relayed) -> None:
        """The seal of this kind is not passed on as it is."""
        if kind_of(message) != self._on or self._early_attempt:
            super().passes(to, message)
            return
        assert isinstance(message, Seal)
        payload = unb64(message.payload)
        getattr(self, f"_{self._how}")(to, message, payload)

    def _withheld(self, to: End, message: Seal, payload: bytes) -> None:
        pass

    def _twice(self, to: End, message: Seal, payload: bytes) -> None:
        self.scene.seal(to, payload)
        self.scene.seal(to, payload)

    def _truncated(self, to: End, message: Seal, payload: bytes) -> None:
        self.scene.seal(to, payload[: len(payload) * 2 // 3])

    def _flipped(self, to: End, message: Seal, payload: bytes) -> None:
        """One bit of the last signed or authenticated character."""
        value = json.loads(payload)
        name = "jws" if "jws" in value else "mac"
        text = value[name]
        at = len(text) - 8
        value[name] = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        self.scene.seal(to, json.dumps(value).encode())

    def _oversized(self, to: End, message: Seal, payload: bytes) -> None:
        self.scene.seal(to, payload + b" " * (16_385 - len(payload)))

    def _huge(self, to: End, message: Seal, payload: bytes) -> None:
        """Beyond what the protocol lets pass at all."""
        self.scene.seal(to, payload + b" " * 60_000)

    def _junk(self, to: End, message: Seal, payload: bytes) -> None:
        self.scene.seal(to, secrets.token_bytes(2000))

    def _extended(self, to: End, message: Seal, payload: bytes) -> None:
        """With a member more than it may have."""
        self.scene.seal(to, json.dumps(json.loads(payload) | {"also": 1}).encode())

    def _early(self, to: End, message: Seal, payload: bytes) -> None:
        """What may come last comes before it."""
        mac = b64_of(32)
        last = {"t": "reveal", "n": b64_of(32), "mac": mac} if to is End.OFFICE else {"t": "conf", "mac": mac}
        self.scene.seal(to, json.dumps(last).encode())
        self.scene.seal(to, payload)

    def _reflected(self, to: End, message: Seal, payload: bytes) -> None:
        """Back to whoever sent it."""
        self.scene.seal(to.other, payload)
        self.scene.seal(to, payload)

    def _relabelled(self, to: End, message: Seal, payload: bytes) -> None:
        """Back to whoever sent it, as the other's part: the same signed text under the other name."""
        other = {"init": "resp", "resp": "init"}[self._on]
        self.scene.seal(to.other, json.dumps({"t": other, "jws": json.loads(payload)["jws"]}).encode())

    def _replayed(self, to: End, message: Seal, payload: bytes) -> None:
        """The one of another call instead; and of an earlier attempt of this call, where there was one."""
        earlier = [each for each in self.scene.past if kind_of(each.message) == self._on and each.message != message]
        same_call = [each for each in earlier if each.call_id == self.scene.call_id]
        assert earlier, "nothing was ever heard that could be replayed"
        replayed = (same_call or earlier)[-1].message
        self.scene.loot.note("replayed", session=claims_of(opened(replayed)["jws"])["sid"])
        self.scene.say(to, replayed)

    def _lied_about(self, to: End, message: Seal, payload: bytes) -> None:
        """The other end is said to have refused; it has not."""
        self.scene.seal(to, json.dumps({"t": "refused", "code": "phrase-differs"}).encode())


class Mutated(Attack):
    """One seal of the attempt, chosen by chance of `seed`, is changed by chance. What was done is in the loot."""

    def __init__(self, scene: Scene, *, seed: int, **options: Any) -> None:
        super().__init__(scene, **options)
        self._chance = random.Random(f"{seed}/{scene.attempt}")
        self._on = self._chance.choice(["init", "resp", "reveal", "conf"])

    def passes(self, to: End, message: Relayed) -> None:
        """The chosen one is changed."""
        if kind_of(message) != self._on:
            super().passes(to, message)
            return
        assert isinstance(message, Seal)
        payload = unb64(message.payload)
        changed = self._changed(payload)
        self.scene.loot.note(
            "mutated", attempt=self.scene.attempt, kind=self._on, same=_value(changed) == _value(payload)
        )
        self.scene.seal(to, changed)

    def _changed(self, payload: bytes) -> bytes:
        data = bytearray(payload)
        chance = self._chance
        match chance.randrange(7):
            case 0:
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            case 1:
                del data[chance.randrange(len(data)) :]
            case 2:
                at = chance.randrange(len(data))
                del data[at : at + chance.randint(1, 40)]
            case 3:
                at = chance.randrange(len(data))
                data[at:at] = chance.randbytes(chance.randint(1, 40))
            case 4:
                earlier = [unb64(p.message.payload) for p in self.scene.past if isinstance(p.message, Seal)]
                other = chance.choice(earlier)
                at = chance.randrange(len(data))
                return bytes(data[:at]) + other[at:]
            case 5:
                earlier = [unb64(p.message.payload) for p in self.scene.past if isinstance(p.message, Seal)]
                return chance.choice(earlier[:-1] or [b"{}"])
            case _:
                first, second = sorted(chance.sample(range(len(data)), 2))
                data[first], data[second] = data[second], data[first]
        return bytes(data)


class OtherDevice(Attack):
    """The office is told that another kiosk is at the other end, or none: somebody at their own location."""

    def __init__(self, scene: Scene, *, device: str | None, **options: Any) -> None:
        super().__init__(scene, **options)
        self._device = device

    def negotiates(self, to: End, told: Negotiate) -> Negotiate:
        """The office hears a lie."""
        if to is End.CITIZEN:
            return told
        return told.model_copy(update={"other": told.other.model_copy(update={"device": self._device})})


def b64_of(size: int) -> str:
    """Random bytes, as text."""
    return secrets.token_urlsafe(size)


def _value(payload: bytes) -> object:
    try:
        return json.loads(payload)
    except ValueError:
        return payload
