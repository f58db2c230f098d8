"""Rekeying with examples: its times, what each end does when, and what ends the attempt."""

from __future__ import annotations

from typing import Any

import pytest
from support.e2ee_world import octets

from tawasul.e2ee.encoding import b64
from tawasul.e2ee.frames import Kind, kid_of
from tawasul.e2ee.rekey import (
    EVERY,
    KEPT_FOR,
    WITHIN,
    DropReceiving,
    InstallReceiving,
    Passed,
    Received,
    Refuse,
    RekeyCitizen,
    RekeyOffice,
    Say,
    SwitchSending,
    first_part,
)
from tawasul.e2ee.session import EpochSecrets, Side, mac

FIRST = EpochSecrets(0, octets("secret"), octets("transcript"))


def ends() -> tuple[RekeyCitizen, RekeyOffice]:
    """Both ends of a call that was confirmed at 0."""
    return RekeyCitizen(FIRST, 0.0), RekeyOffice(FIRST, draw=lambda: octets("drawn"))


def said(effects: list[Any]) -> dict[str, Any]:
    """The one message among effects."""
    (message,) = (effect.message for effect in effects if isinstance(effect, Say))
    return message


def kinds(effects: list[Any]) -> list[type]:
    """What kinds of effects, in order."""
    return [type(effect) for effect in effects]


def test_receivers_install_before_senders_switch() -> None:
    citizen, office = ends()
    assert citizen.deadline == EVERY
    assert office.deadline is None
    assert citizen.handle(Passed(), EVERY - 1) == []
    first = citizen.handle(Passed(), EVERY)
    assert kinds(first) == [Say]
    assert citizen.deadline == EVERY + WITHIN
    second = office.handle(Received(said(first)), EVERY + 1)
    assert kinds(second) == [InstallReceiving, Say]
    assert (office.secrets.epoch, office.deadline) == (0, EVERY + 1 + WITHIN)
    third = citizen.handle(Received(said(second)), EVERY + 2)
    assert kinds(third) == [InstallReceiving, SwitchSending, Say]
    assert citizen.deadline == EVERY + 2 + KEPT_FOR
    last = office.handle(Received(said(third)), EVERY + 3)
    assert kinds(last) == [SwitchSending]
    assert office.deadline == EVERY + 3 + KEPT_FOR
    assert office.handle(Passed(), EVERY + 3 + KEPT_FOR) == [DropReceiving(0)]
    assert citizen.handle(Passed(), EVERY + 2 + KEPT_FOR) == [DropReceiving(0)]
    assert citizen.deadline == EVERY + 2 + EVERY
    assert office.deadline is None


def test_each_epoch_has_keys_of_its_own() -> None:
    citizen, office = ends()
    keys = {FIRST.base_key(kid_of(0, side, kind)) for side in Side for kind in Kind}
    for epoch in (1, 2, 3):
        first = said(citizen.handle(Passed(), epoch * EVERY))
        second = said(office.handle(Received(first), epoch * EVERY))
        office.handle(Received(said(citizen.handle(Received(second), epoch * EVERY))), epoch * EVERY)
        assert citizen.secrets.epoch == office.secrets.epoch == epoch
        for kid in (kid_of(epoch, side, kind) for side in Side for kind in Kind):
            assert citizen.secrets.base_key(kid) == office.secrets.base_key(kid)
            keys.add(citizen.secrets.base_key(kid))
        with pytest.raises(ValueError, match="another epoch"):
            citizen.secrets.base_key(kid_of(epoch - 1, Side.CITIZEN, Kind.SOUND))
    assert len(keys) == 16


@pytest.mark.parametrize("until", [1, 2])
def test_a_rekey_that_is_not_finished_ends_the_attempt(until: int) -> None:
    citizen, office = ends()
    first = said(citizen.handle(Passed(), EVERY))
    waiting: RekeyCitizen | RekeyOffice = citizen
    if until == 2:
        office.handle(Received(first), EVERY)
        waiting = office
    assert waiting.handle(Passed(), EVERY + WITHIN - 1) == []
    (refuse,) = waiting.handle(Passed(), EVERY + WITHIN)
    assert isinstance(refuse, Refuse)
    assert refuse.error.code == "rekey-late"
    assert waiting.deadline is None
    assert waiting.handle(Received(first), EVERY + WITHIN) == []


def refused(effects: list[Any]) -> bool:
    """Whether a rekey was refused as wrong, and nothing else came out."""
    return kinds(effects) == [Refuse] and effects[0].error.code == "rekey-wrong"


def test_steps_out_of_order_end_the_attempt() -> None:
    citizen, office = ends()
    first = said(citizen.handle(Passed(), EVERY))
    second = said(office.handle(Received(first), EVERY))
    assert refused(office.handle(Received(first), EVERY))  # twice
    third = said(citizen.handle(Received(second), EVERY))
    assert refused(citizen.handle(Received(second), EVERY))
    assert refused(ends()[1].handle(Received(third), EVERY))
    assert refused(ends()[0].handle(Received(second), EVERY))
    assert refused(ends()[0].handle(Received(first), EVERY))  # one's own, sent back


@pytest.mark.parametrize("member", ["mac", "pk", "ct"])
@pytest.mark.parametrize("step", [1, 2, 3])
def test_what_is_changed_on_the_way_ends_the_attempt(step: int, member: str) -> None:
    citizen, office = ends()
    first = said(citizen.handle(Passed(), EVERY))
    second = said(office.handle(Received(first), EVERY)) if step > 1 else {}
    message = (first, second, said(citizen.handle(Received(second), EVERY)) if step == 3 else {})[step - 1]
    size = {"mac": 32, "pk": 1216, "ct": 1168}[member]
    end = citizen if step == 2 else office
    assert refused(end.handle(Received(message | {member: b64(octets("other", size))}), EVERY))


def test_a_key_share_that_is_none_ends_the_attempt() -> None:
    # Only the other end itself could say so: the mac is right.
    public = b"\xff" * 1216
    code = mac(FIRST.rekey_key(Side.CITIZEN), first_part(1, public))
    message = {"type": "rekey", "step": 1, "epoch": 1, "pk": b64(public), "mac": b64(code)}
    assert refused(ends()[1].handle(Received(message), EVERY))


def test_a_rekey_soon_after_another_drops_both_old_epochs() -> None:
    citizen, office = ends()
    for epoch, now in ((1, EVERY), (2, 2 * EVERY)):
        first = said(citizen.handle(Passed(), now))
        # The office's clock stands nearly still: the second rekey comes before it dropped the first epoch.
        second = said(office.handle(Received(first), float(epoch)))
        office.handle(Received(said(citizen.handle(Received(second), now))), float(epoch))
    assert office.handle(Passed(), 1 + KEPT_FOR) == [DropReceiving(0)]
    assert office.handle(Passed(), 2 + KEPT_FOR) == [DropReceiving(1)]


def test_nothing_secret_is_printed() -> None:
    assert repr(FIRST) == "EpochSecrets(epoch=0)"
    assert "mac" not in repr(Say({"mac": "x"})) + repr(Received({"mac": "x"}))
