"""Frames between two native peers: sealed or not sent, opened or not decoded, and of one size whoever speaks."""

from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from support.coming import comes
from support.media_pair import KEYS, End, connect, hears, sees
from support.media_tap import SOUND, tap

from kiosk_client.media.evidence import Witness
from kiosk_client.media.formats import VOICE_RATE
from kiosk_client.media.sources import CodedSource, SyntheticSource
from kiosk_client.peer_events import CertificateInUseDiffers, Connected, OtherMuted, PathLost
from tawasul.e2ee.frames import Kind
from tawasul.e2ee.pinning import fingerprint_of
from tawasul.e2ee.session import EpochSecrets

pytestmark = pytest.mark.realtime

CITIZEN = CodedSource(hertz=440, identity=0xC171)
OFFICE = CodedSource(hertz=700, identity=0x0FF1)
REPEATED = VOICE_RATE // 8 // 50 + 4
"""Bytes of one earlier frame, with its header (RFC 2198, section 3)."""
OTHER_KEYS = EpochSecrets(0, b"\x01" * 32, bytes(32))


@pytest.fixture
async def ends() -> AsyncIterator[tuple[End, End]]:
    citizen, office = End(), End()
    await citizen.open(CITIZEN, offers=True)
    await office.open(OFFICE, offers=False)
    yield citizen, office
    await citizen.close()
    await office.close()


def anything(witness: Witness) -> bool:
    return witness.picture.frames > 0 or witness.sound.seconds > 0


async def test_without_keys_not_one_packet_of_sound_or_picture_is_sent(ends: tuple[End, End]) -> None:
    citizen, office = ends
    taps = tap(citizen), tap(office)
    await connect(citizen, office, keys=None)
    for end in ends:
        await end.event(OtherMuted)  # the path stands, both ways
    assert not await office.witness.until(anything, 2)
    assert not anything(citizen.witness)
    assert [each.payload_types for each in taps] == [{}, {}]
    for end in ends:
        end.peer.guard.unlock(KEYS)
    await comes(office.witness, lambda _: sees(office, CITIZEN.identity) and hears(office, CITIZEN.hertz), 10)
    await comes(citizen.witness, lambda _: sees(citizen, OFFICE.identity) and hears(citizen, OFFICE.hertz), 10)


async def test_what_is_sealed_under_another_key_is_never_decoded_and_key_frames_are_asked_for_once_a_second(
    ends: tuple[End, End],
) -> None:
    citizen, office = ends
    sent, asked = tap(citizen), tap(office)
    await connect(citizen, office, keys=None)
    for end in ends:
        await end.event(OtherMuted)  # the path stands, both ways
    citizen.peer.guard.unlock(KEYS)
    office.peer.guard.unlock(OTHER_KEYS)
    assert not await office.witness.until(anything, 3.2)
    assert min(sent.payload_types[SOUND], sent.payload_types[97]) > 20  # it was sent all the while
    assert office.peer.guard.counts.opened == 0
    assert office.peer.guard.counts.refused["frame-forged"] > 30
    assert 2 <= asked.key_frames_asked <= 4


async def test_an_end_whose_keys_come_later_soon_sees_a_whole_picture(ends: tuple[End, End]) -> None:
    citizen, office = ends
    asked = tap(office)
    await connect(citizen, office, keys=None)
    citizen.peer.guard.unlock(KEYS)
    for end in ends:
        await end.event(OtherMuted)
    assert not await office.witness.until(anything, 1)
    assert asked.key_frames_asked == 0  # nothing is missing
    office.peer.guard.unlock(KEYS)
    await comes(office.witness, lambda _: sees(office, CITIZEN.identity, 2), 5)
    assert asked.key_frames_asked == 0  # what came before waited for the keys


async def test_an_end_that_shuts_sends_and_decodes_nothing_any_more(ends: tuple[End, End]) -> None:
    citizen, office = ends
    await connect(citizen, office)
    await comes(office.witness, lambda _: sees(office, CITIZEN.identity), 10)
    office.peer.guard.shut()
    sent, opened = tap(office), office.peer.guard.counts.opened
    frames = office.witness.picture.frames
    assert not await office.witness.until(lambda them: them.picture.frames > frames + 2, 1)  # two may be on their way
    assert sent.payload_types.total() <= 2  # what had been sealed and was on its way
    assert office.peer.guard.counts.opened == opened


async def test_the_relay_cannot_tell_who_speaks_nor_when() -> None:
    """A voice with its pauses and its silence: every packet is of one size, and none carries a level."""
    citizen, office = End(), End()
    await citizen.open(SyntheticSource(), offers=True)
    await office.open(OFFICE, offers=False)
    taps = tap(citizen), tap(office)
    try:
        await connect(citizen, office)
        await comes(office.witness, lambda them: them.sound.seconds > 3, 20)
        citizen.peer.mute(sound=True, picture=False)
        before = office.witness.sound.seconds
        await comes(office.witness, lambda them: them.sound.seconds > before + 1, 20)
    finally:
        await citizen.close()
        await office.close()
    for each in taps:
        packets = each.of(SOUND)
        assert len(packets) > 100
        # SFrame's header grows with its counter, by a byte at 8, 256 and 65 536: that tells the time, not the voice.
        sizes = [len(packet.payload) for packet in packets[256:] or packets[8:]]
        # Once nothing has been lost for long, the frame before is not sent again; that tells no voice either.
        assert sum(before != after for before, after in pairwise(sizes)) <= 1
        assert max(sizes) - min(sizes) in (0, REPEATED)
        assert {(packet.extensions.mid, packet.extensions.audio_level) for packet in packets} == {("0", None)}


async def test_no_description_speaks_of_a_level_even_where_the_other_end_offers_it(ends: tuple[End, End]) -> None:
    citizen, office = ends
    offer = await citizen.peer.offer()
    assert "audio-level" not in offer
    tempting = offer.replace("a=mid:0\r\n", "a=mid:0\r\na=extmap:2 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n")
    answer = await office.peer.answer(tempting, fingerprint_of(offer))
    assert "audio-level" not in answer
    assert "cbr=1" in offer
    assert "cbr=1" in answer
    sent = tap(office)
    await citizen.peer.take_answer(answer, fingerprint_of(answer))
    for end in ends:
        end.peer.guard.unlock(KEYS)
    await comes(citizen.witness, lambda _: hears(citizen, OFFICE.hertz), 10)
    assert {packet.extensions.audio_level for packet in sent.of(SOUND)} == {None}


async def test_a_path_that_uses_another_certificate_than_the_signed_one_is_not_used(ends: tuple[End, End]) -> None:
    citizen, office = ends
    taps = tap(citizen), tap(office)
    offer = await citizen.peer.offer()
    answer = await office.peer.answer(offer, "sha-256 " + ":".join(["AB"] * 32))
    await citizen.peer.take_answer(answer, fingerprint_of(answer))
    for end in ends:
        end.peer.guard.unlock(KEYS)
    await office.event(CertificateInUseDiffers)
    assert not await office.witness.until(anything, 1)
    assert not [event for event in office.events if isinstance(event, Connected | PathLost)]
    assert taps[1].payload_types == {}
    assert office.peer.guard.seal(Kind.SOUND, b"x" * 10) is None
    assert not anything(citizen.witness)


async def test_pictures_that_are_lost_on_the_way_are_repeated_and_open(ends: tuple[End, End]) -> None:
    """Retransmission (RFC 4588) carries the sealed packet as it was: the repeated one is no replay."""
    citizen, office = ends
    receiver = office.peer._connection.getTransceivers()[1].receiver
    take, taken = receiver._handle_rtp_packet, 0

    async def lossy(packet: object, arrival_time_ms: int) -> None:
        nonlocal taken
        taken += 1
        if taken % 20 != 7:
            await take(packet, arrival_time_ms)  # type: ignore[arg-type]

    receiver._handle_rtp_packet = lossy  # type: ignore[method-assign,assignment]
    sent = tap(citizen)
    await connect(citizen, office)
    await comes(office.witness, lambda _: sees(office, CITIZEN.identity, 40), 40)
    assert sent.payload_types[98] > 0  # RTX
    assert office.peer.guard.counts.refused.total() == 0
