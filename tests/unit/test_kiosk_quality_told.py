"""How a call is, on its way to the person at the kiosk: the core's view, the words, the data channel's door."""

import asyncio
from collections.abc import Callable
from typing import get_args

import pytest
from support.kiosk_talk import negotiate, welcome

from kiosk_client.channel import Channel
from kiosk_client.core.kiosk import Kiosk
from kiosk_client.core.kiosk_events import (
    Attempt,
    Decoding,
    Given,
    HangUpAsked,
    Heard,
    KioskState,
    LineOpened,
    MediaLost,
    QualityChanged,
    View,
)
from kiosk_client.media.core.quality import Measures
from kiosk_client.media.core.steady import ToldQuality
from kiosk_client.peer_events import PeerEvent, QualityHeard
from kiosk_client.quality_watch import message_of
from kiosk_client.quality_wording import quality_sentence
from kiosk_client.terminal import words
from tawasul.protocol.peer import CHANNEL_LABEL, PEER_MESSAGE, Quality, QualityCause, QualityLevel

FIRST = Attempt("call-1", 1)


def after(*given: Given) -> View:
    """What a kiosk shows that was called in, and then was told this."""
    kiosk = Kiosk()
    for each in (LineOpened(), Heard(welcome()), Heard(negotiate()), *given):
        kiosk.handle(each, 1.0)
    return kiosk.view


WEAK = (Decoding(FIRST, "relay"), QualityChanged(FIRST, "poor", "own"))


def test_a_weak_line_is_told_in_both_languages_below_the_state() -> None:
    lines = [*words(after(*WEAK))]
    assert lines[2:4] == ["خطّكم ضعيف الآن؛ الصوت أولًا.", "Your line is weak at the moment; sound comes first."]


@pytest.mark.parametrize("ending", [MediaLost(FIRST, "no-heartbeat"), HangUpAsked(), Heard(negotiate(attempt=2))])
def test_it_is_told_of_no_other_connection(ending: Given) -> None:
    view = after(*WEAK, ending)
    assert (view.quality, view.cause) == ("good", None)
    assert quality_sentence(view) is None


@pytest.mark.parametrize(
    "given", [(QualityChanged(FIRST, "poor", "own"),), (WEAK[0], QualityChanged(Attempt("call-1", 7), "poor", "own"))]
)
def test_what_is_of_another_attempt_or_before_the_call_stands_changes_nothing(given: tuple[Given, ...]) -> None:
    assert after(*given).quality == "good"


def test_every_level_but_good_has_its_own_words_for_each_cause() -> None:
    said: set[str] = set()
    for level in get_args(QualityLevel)[1:]:
        for cause in (*get_args(QualityCause), None):
            sentence = quality_sentence(View(KioskState.IN_CALL, line=True, quality=level, cause=cause))
            assert sentence is not None
            said |= {sentence.arabic, sentence.english}
    assert len(said) == 2 * (3 * 4 + 1)


def test_where_the_media_do_not_tell_a_lost_line_to_the_service_does() -> None:
    sentence = quality_sentence(View(KioskState.IN_CALL, line=False, quality="poor"))
    assert sentence is not None
    assert sentence.english.startswith("Your line")


def test_absurd_figures_still_make_a_lawful_message() -> None:
    empty = {"timestamp": 0.0, "inbound": {}, "outbound": {}, "remoteInbound": {}, "candidatePair": {}}
    made = message_of(ToldQuality("nothing"), None, Measures(1.0, 0.0, 1.0, 1e9, 0.0, 1.0, 60.0), empty)  # type: ignore[arg-type]
    assert PEER_MESSAGE.validate_json(made.model_dump_json(exclude_none=True)) == made
    assert len(made.model_dump_json()) < 400


# The door of the data channel


class Wire:
    """A data channel without a path: what arrives is told."""

    label, readyState, bufferedAmount = CHANNEL_LABEL, "open", 0

    def __init__(self) -> None:
        self.arrives: Callable[[str | bytes], None] = lambda data: None

    def on(self, event: str, handler: Callable[[str | bytes], None]) -> None:
        self.arrives = handler

    def send(self, data: str) -> None:
        """Nowhere."""


@pytest.fixture
async def door() -> tuple[Channel, Wire, list[PeerEvent]]:
    told: list[PeerEvent] = []
    channel, wire = Channel(told.append), Wire()
    channel.use(wire)  # type: ignore[arg-type]
    return channel, wire, told


async def test_the_other_ends_word_comes_in(door: tuple[Channel, Wire, list[PeerEvent]]) -> None:
    channel, wire, told = door
    wire.arrives('{"type":"quality","level":"poor","leg":"bad","loss_in":0.2}')
    assert told == [QualityHeard(Quality(level="poor", leg="bad", loss_in=0.2))]
    assert not channel.passed_over


async def test_a_flood_of_words_is_one(door: tuple[Channel, Wire, list[PeerEvent]]) -> None:
    channel, wire, told = door
    for _ in range(100):
        wire.arrives('{"type":"quality","level":"good"}')
    # However slow this machine is, it is not a word for each.
    assert len(told) + channel.passed_over["quality-too-often"] == 100
    assert channel.passed_over["quality-too-often"] > 90
    await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ('{"type":"quality","level":"awful"}', "peer-message-malformed"),
        ('{"type":"quality","level":"good","loss_in":1.5}', "peer-message-malformed"),
        ('{"type":"quality","level":"good","round_trip":NaN}', "peer-message-malformed"),
        ('{"type":"quality","level":"good","name":"somebody"}', "peer-message-malformed"),
        ('{"type":"quality","level":"good"}' + " " * 20_000, "peer-message-too-long"),
    ],
)
async def test_what_is_unlawful_is_counted_by_its_code_and_changes_nothing(
    door: tuple[Channel, Wire, list[PeerEvent]], wrong: str, code: str
) -> None:
    channel, wire, told = door
    wire.arrives(wrong)
    assert told == []
    assert channel.passed_over == {code: 1}
