"""Two native peers call each other over this machine's own addresses: real ICE, DTLS, SRTP, VP8 and Opus."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from support.coming import comes
from support.egress import Egress
from support.media_child import citizen_process, give_answer, offer_of
from support.media_pair import KEYS, End, connect, hears, sees
from support.ports import free_port

from kiosk_client.errors import CandidateRefused, DescriptionRefused, NoWayOut, RelayMissing
from kiosk_client.media.sources import CodedSource, SyntheticSource
from kiosk_client.peer_events import Connected, OtherLeft, OtherMuted, PathLost, TrackArrived
from tawasul.e2ee.pinning import fingerprint_of
from tawasul.protocol.ice import IceCandidate, IceConfiguration, IceServer

pytestmark = pytest.mark.realtime

CITIZEN = CodedSource(hertz=440, identity=0xC171)
OFFICE = CodedSource(hertz=700, identity=0x0FF1)
SOMEBODY = "sha-256 " + ":".join(["AB"] * 32)


@pytest.fixture
async def ends() -> AsyncIterator[tuple[End, End]]:
    citizen, office = End(), End()
    await citizen.open(CITIZEN, offers=True)
    await office.open(OFFICE, offers=False)
    yield citizen, office
    await citizen.close()
    await office.close()


async def decoded(citizen: End, office: End) -> None:
    """Both ends see and hear each other's own source."""
    await comes(office.witness, lambda _: sees(office, CITIZEN.identity) and hears(office, CITIZEN.hertz), 20)
    await comes(citizen.witness, lambda _: sees(citizen, OFFICE.identity) and hears(citizen, OFFICE.hertz), 20)


async def test_each_end_decodes_the_other_s_tone_and_picture(ends: tuple[End, End], egress: Egress) -> None:
    citizen, office = ends
    await connect(citizen, office)
    await decoded(citizen, office)
    assert {track.track.kind for track in office.events if isinstance(track, TrackArrived)} == {"audio", "video"}
    assert citizen.peer.path() == office.peer.path() == "host"
    # Smaller at first; as large as the source once it is known what the path bears.
    await comes(office.witness, lambda them: them.picture.size == (640, 480), 20)
    assert egress.left == []  # aiortc left to its default would have looked up a public STUN server by now


async def test_muting_sends_silence_and_black_and_says_so(ends: tuple[End, End]) -> None:
    citizen, office = ends
    await connect(citizen, office)
    await decoded(citizen, office)
    assert office.events.count(OtherMuted(sound=False, picture=False)) == 1

    citizen.peer.mute(sound=True, picture=True)

    def dark_and_quiet(_: object) -> bool:
        heard = office.witness.sound.last
        return office.witness.picture.black and heard is not None and heard.silent

    await comes(office.witness, dark_and_quiet, 10)
    assert office.events[-1] == OtherMuted(sound=True, picture=True)
    assert hears(citizen, OFFICE.hertz)

    citizen.peer.mute(sound=False, picture=False)
    before = office.witness.picture.patterns
    await comes(
        office.witness, lambda _: sees(office, CITIZEN.identity, before + 5) and hears(office, CITIZEN.hertz), 10
    )


async def test_a_camera_that_is_pulled_out_is_told_and_the_voice_goes_on(ends: tuple[End, End]) -> None:
    citizen, office = ends
    await connect(citizen, office)
    await decoded(citizen, office)
    citizen.peer._picture._track.stop()  # as a device's track ends that can no longer be read
    await comes(office.witness, lambda them: them.picture.black, 10)
    assert office.events[-1] == OtherMuted(sound=False, picture=True)
    heard, frames = office.witness.sound.seconds, office.witness.picture.frames
    await comes(
        office.witness,
        lambda them: them.sound.seconds > heard + 1 and them.picture.frames > frames + 3 and hears(office, 440),
        10,
    )
    citizen.peer.mute(sound=True, picture=False)  # what has ended is not promised again
    await comes(office.witness, lambda them: them.sound.last is not None and them.sound.last.silent, 10)
    assert office.events[-1] == OtherMuted(sound=True, picture=True)


async def test_hanging_up_is_heard_as_a_goodbye_and_not_as_a_loss(ends: tuple[End, End]) -> None:
    citizen, office = ends
    await connect(citizen, office)
    await decoded(citizen, office)
    await citizen.peer.hang_up()
    await office.event(OtherLeft)
    assert not [event for event in citizen.events + office.events if isinstance(event, PathLost)]


async def test_an_end_that_is_killed_is_noticed_within_five_seconds() -> None:
    office = await End().open(OFFICE, offers=False)
    try:
        async with citizen_process(CITIZEN.hertz, CITIZEN.identity) as citizen:
            offer = await offer_of(citizen)
            await give_answer(citizen, await office.peer.answer(offer, fingerprint_of(offer)))
            office.peer.guard.unlock(KEYS)
            await comes(office.witness, lambda _: sees(office, CITIZEN.identity), 20)
            citizen.kill()
            killed = asyncio.get_running_loop().time()
            assert await office.event(PathLost, 6) == PathLost("no-heartbeat")
            assert 2.5 < asyncio.get_running_loop().time() - killed < 5
    finally:
        await office.close()


async def test_an_end_that_closes_without_a_goodbye_is_noticed_at_once(ends: tuple[End, End]) -> None:
    citizen, office = ends
    await connect(citizen, office)
    await decoded(citizen, office)
    await citizen.peer.close()
    assert await office.event(PathLost, 2) == PathLost("transport-failed")


async def test_candidates_that_come_one_by_one_and_early_are_used(ends: tuple[End, End]) -> None:
    citizen, office = ends
    offer = await citizen.peer.offer()
    answer = await office.peer.answer(offer, fingerprint_of(offer))
    lines = re.findall(r"a=(candidate:[^\r\n]+)", answer)
    assert lines
    # As a browser does it, but with the candidates overtaking the answer to which they belong.
    for line in lines:
        await citizen.peer.add_candidate(IceCandidate(candidate=line, sdp_mid="0", sdp_m_line_index=0))
    bare = re.sub(r"a=(candidate:[^\r\n]+|end-of-candidates)\r\n", "", answer)
    assert "candidate" not in bare
    await citizen.peer.take_answer(bare, fingerprint_of(answer))
    await citizen.peer.add_candidate(IceCandidate(candidate=""))
    for end in ends:
        end.peer.guard.unlock(KEYS)
    await citizen.event(Connected)
    await decoded(citizen, office)


async def test_candidates_of_the_first_section_alone_are_enough(ends: tuple[End, End]) -> None:
    """A browser that has gathered everything writes its candidates into the first section of the bundle only."""
    citizen, office = ends
    offer = await citizen.peer.offer()
    answer = await office.peer.answer(offer, fingerprint_of(offer))
    head, *sections = re.split(r"(?=^m=)", answer, flags=re.MULTILINE)
    others = [re.sub(r"a=(candidate:[^\r\n]+|end-of-candidates)\r\n", "", section) for section in sections[1:]]
    await citizen.peer.take_answer(head + sections[0] + "".join(others), fingerprint_of(answer))
    for end in ends:
        end.peer.guard.unlock(KEYS)
    await decoded(citizen, office)


@pytest.mark.parametrize(
    "sdp",
    ["", "hello", "v=0\r\n", "v=0\r\nm=audio x RTP/AVP 0\r\n", "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"],
)
async def test_a_malformed_description_is_refused(ends: tuple[End, End], sdp: str) -> None:
    with pytest.raises(DescriptionRefused):
        await ends[1].peer.answer(sdp, SOMEBODY)


async def test_a_description_without_fingerprint_or_with_too_much_in_it_is_refused(ends: tuple[End, End]) -> None:
    citizen, office = ends
    offer = await citizen.peer.offer()
    with pytest.raises(DescriptionRefused, match="fingerprint"):
        await office.peer.answer(re.sub(r"a=fingerprint:[^\r\n]+\r\n", "", offer), SOMEBODY)
    second_voice = offer + re.split(r"(?=^m=)", offer, flags=re.MULTILINE)[1]
    with pytest.raises(DescriptionRefused, match="one voice"):
        await office.peer.answer(second_voice, SOMEBODY)
    with pytest.raises(DescriptionRefused, match="limit"):
        await office.peer.answer(offer + "a=x\r\n" * 20000, SOMEBODY)
    with pytest.raises(DescriptionRefused, match="does not fit"):
        await office.peer.take_answer(offer, SOMEBODY)  # an answer where no offer was made


async def test_candidates_without_end_are_refused(ends: tuple[End, End]) -> None:
    good = IceCandidate(candidate="candidate:1 1 udp 2130706431 127.0.0.1 9 typ host", sdp_mid="0")
    with pytest.raises(CandidateRefused):
        await ends[0].peer.add_candidate(IceCandidate(candidate="candidate:nonsense"))
    for _ in range(63):
        await ends[0].peer.add_candidate(good)
    with pytest.raises(CandidateRefused, match="more than 64"):
        await ends[0].peer.add_candidate(good)


async def test_relayed_paths_only_need_a_relay() -> None:
    with pytest.raises(RelayMissing):
        await End().open(CITIZEN, offers=True, ice=IceConfiguration(servers=(), policy="relay"))


async def test_a_relay_that_does_not_answer_is_no_way_out() -> None:
    silent = IceServer(urls=(f"turn:127.0.0.1:{free_port()}?transport=udp",), username="u", credential="c")
    citizen = await End().open(CITIZEN, offers=True, ice=IceConfiguration(servers=(silent,), policy="relay"))
    try:
        with pytest.raises(NoWayOut):
            await citizen.peer.offer()
    finally:
        await citizen.close()


async def test_the_synthetic_citizen_is_seen_to_move_and_heard_to_speak() -> None:
    citizen, office = End(), End()
    await citizen.open(SyntheticSource(), offers=True)
    await office.open(OFFICE, offers=False)
    try:
        await connect(citizen, office)
        await comes(office.witness, lambda them: them.picture.moved >= 8 and them.sound.loudest > -35, 20)
        assert office.witness.picture.pattern is None
        spoken = office.witness.sound.last
        assert spoken is not None
        assert spoken.purity < 0.9
    finally:
        await citizen.close()
        await office.close()
