"""Every attack by its name, as the plan names it."""

from __future__ import annotations

from support.hostile_impostor import Impostor, SecondOffer
from support.hostile_middle import Middle
from support.hostile_relay import Wire
from support.hostile_scene import Attack
from support.hostile_seals import Fingerprints, Mutated, OtherDevice, Tampered

ATTACKS: dict[str, type[Attack]] = {
    "none": Attack,
    "fingerprints": Fingerprints,
    "tampered": Tampered,
    "mutated": Mutated,
    "other-device": OtherDevice,
    "middle": Middle,
    "impostor": Impostor,
    "second-offer": SecondOffer,
    "wire": Wire,
}
