"""One attempt between two real browsers: negotiation, decoded proof, muting, loss, goodbye."""

import asyncio
import base64
import itertools
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from playwright.async_api import Browser
from support.call_pages import End, a_region, as_message, bare_app, chromium, sees_black, sees_movement
from support.web_server import serving

CALL = "call-1"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def address() -> AsyncIterator[str]:
    async with serving(bare_app()) as address:
        yield address


def negotiate(*, offers: bool, attempt: int = 1) -> dict[str, Any]:
    """What the server tells an end."""
    return {
        "type": "negotiate", "call_id": CALL, "attempt": attempt, "audience_id": "a-1", "reference": "AB12",
        "offers": offers, "ice": {"servers": [], "policy": "all"},
        "other": {"name": {"arabic": "أ", "english": "A"}},
    }  # fmt: skip


def joined(
    one: End,
    other: End,
    carrying: set[asyncio.Task[None]],
    *,
    only: str = "",
    withheld: int = 0,
    change: Callable[[dict[str, Any]], dict[str, Any]] = dict,
) -> None:
    """Carries what each reports to the other, in order, as a service does.

    `only` one kind of it, where the test carries the rest; `withheld`: this seal, counted from 1, does not arrive;
    `change` is what is done to it on the way.
    """
    seals = itertools.count(1)

    for source, target in ((one, other), (other, one)):
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

        async def carry(queue: asyncio.Queue[dict[str, Any]] = queue, target: End = target) -> None:
            while True:
                await target.take(await queue.get())

        def forward(event: dict[str, Any], queue: asyncio.Queue[dict[str, Any]] = queue) -> None:
            message = as_message(event, CALL, 1)
            if message is None or (only and event["type"] != only):
                return
            if message["type"] != "seal" or next(seals) != withheld:
                queue.put_nowait(change(message))

        source.forward = forward
        carrying.add(asyncio.create_task(carry()))


@pytest.fixture
async def carrying() -> AsyncIterator[set[asyncio.Task[None]]]:
    tasks: set[asyncio.Task[None]] = set()
    yield tasks
    for task in tasks:
        task.cancel()


@pytest.fixture
async def ends(browser: Browser, address: str, carrying: set[asyncio.Task[None]]) -> tuple[End, End]:
    citizen, office = await End.open(browser, address), await End.open(browser, address)
    joined(citizen, office, carrying)
    return citizen, office


async def connect(citizen: End, office: End, **more: Any) -> None:
    region = await a_region(office)
    await office.start(negotiate(offers=False), region)
    await citizen.start(negotiate(offers=True), region, **more)
    await asyncio.gather(citizen.seen("connected"), office.seen("connected"))


async def test_both_ends_decode_each_other(ends: tuple[End, End]) -> None:
    citizen, office = ends
    await connect(citizen, office)
    for end in ends:
        assert (await end.seen("connected"))["path"] in ("host", "reflexive")
        await sees_movement(end.page, "remote")


async def test_vp8_and_opus_in_red_are_offered_first(ends: tuple[End, End]) -> None:
    citizen, office = ends
    await connect(citizen, office)
    for end in ends:
        sdp = (await end.seen("description"))["sdp"]
        for kind, codec in (("audio", "red/48000/2"), ("video", "VP8/90000")):
            section = next(part for part in sdp.split("m=") if part.startswith(kind))
            first = section.split("\r\n")[0].split()[3]
            assert f"a=rtpmap:{first} {codec}" in section


async def test_connected_is_not_said_before_the_other_sends_anything(ends: tuple[End, End]) -> None:
    citizen, office = ends
    region = await a_region(office)
    await office.start(negotiate(offers=False), region)
    await citizen.start(negotiate(offers=True), region, camera=False)
    await citizen.seen("connected")
    assert await office.page.evaluate("() => peer.remote.getTracks().length") == 2
    assert not [event for event in office.events if event["type"] == "connected"], "nothing was decoded at the office"
    await citizen.page.evaluate("async () => { await capture.open(); peer.send(capture.stream); }")
    await office.seen("connected")


async def test_muting_is_told_and_true(ends: tuple[End, End]) -> None:
    citizen, office = ends
    await connect(citizen, office)
    told = await office.seen("muted")
    assert told["muted"] == {"sound": False, "picture": False}
    await citizen.page.evaluate(
        "() => { const muted = {sound: true, picture: true}; capture.mute(muted); peer.tellMuted(muted); }"
    )
    assert (await office.seen("muted", 2))["muted"] == {"sound": True, "picture": True}
    await sees_black(office.page, "remote")


async def test_goodbye_reaches_the_other_end_without_any_service(ends: tuple[End, End]) -> None:
    citizen, office = ends
    await connect(citizen, office)
    await citizen.page.evaluate("() => { peer.sayGoodbye(); peer.close(); }")
    await office.seen("goodbye", within=3)


async def test_an_end_that_vanishes_is_missed_within_seconds(ends: tuple[End, End]) -> None:
    citizen, office = ends
    await connect(citizen, office)
    await citizen.page.context.close()
    began = asyncio.get_running_loop().time()
    await office.seen("lost")
    assert asyncio.get_running_loop().time() - began < 6.5


async def test_early_candidates_wait_for_the_description(
    browser: Browser, address: str, carrying: set[asyncio.Task[None]]
) -> None:
    citizen, office = await End.open(browser, address), await End.open(browser, address)
    region = await a_region(office)
    await citizen.start(negotiate(offers=True), region)
    offer = as_message(await citizen.seen("description"), CALL, 1)
    candidates = [as_message(await citizen.seen("candidate", number), CALL, 1) for number in (1, 2)]
    joined(citizen, office, carrying, only="seal")
    initial = as_message(await citizen.seen("seal"), CALL, 1)
    assert offer
    offer["sdp"] = "".join(line for line in offer["sdp"].splitlines(True) if not line.startswith("a=candidate"))
    await office.start(negotiate(offers=False), region)
    for early in (*candidates, initial):
        assert early
        await office.take(early)
    await office.take(offer)
    answer = as_message(await office.seen("description"), CALL, 1)
    assert answer
    await citizen.take(answer)
    await office.seen("connected")


async def test_nothing_is_sent_or_played_before_it_is_confirmed(
    browser: Browser, address: str, carrying: set[asyncio.Task[None]]
) -> None:
    citizen, office = await End.open(browser, address), await End.open(browser, address)
    joined(citizen, office, carrying, withheld=4)  # init, resp, reveal, and then conf
    region = await a_region(office)
    await office.start(negotiate(offers=False), region)
    await citizen.start(negotiate(offers=True), region)
    await office.seen("confirmed")
    await office.traffic("sealed > 20")
    assert not [event for event in citizen.events if event["type"] in ("confirmed", "connected")]
    assert await citizen.page.evaluate("() => peer.remote.getTracks().length") == 0
    assert await office.page.evaluate("async () => (await peer.traffic()).opened") == 0, (
        "the citizen's end sent nothing"
    )
    assert not [event for event in office.events if event["type"] == "connected"]


async def test_keys_are_renewed_and_no_frame_is_lost(ends: tuple[End, End]) -> None:
    citizen, office = ends
    await connect(citizen, office, renews_after=3)
    for end in ends:
        renewed = await end.traffic("epoch === 1")
        # For longer than the old keys are kept.
        await end.traffic(f"opened > {renewed['opened'] + 400}")
    # Nor is what came before an end had any keys.
    assert [(await end.traffic())["refused"] for end in ends] == [0, 0]
    for one, other in (ends, reversed(ends)):
        sealed, came = (await one.traffic())["sealed"], await other.traffic()
        assert sealed - came["opened"] < 30, "what is on its way, and no more"
    assert not [event for end in ends for event in end.events if event["type"] in ("lost", "alarm", "doubtful")]


async def test_descriptions_tell_nobody_who_speaks(ends: tuple[End, End]) -> None:
    citizen, office = ends
    await connect(citizen, office)
    for end in ends:
        sdp = (await end.seen("description"))["sdp"]
        assert "audio-level" not in sdp
        opus = next(line.split(":")[1].split()[0] for line in sdp.splitlines() if "opus/48000" in line)
        parameters = next(line for line in sdp.splitlines() if line.startswith(f"a=fmtp:{opus} "))
        for asked in ("cbr=1", "usedtx=0", "useinbandfec=0", "stereo=0", "maxaveragebitrate=32000"):
            assert asked in parameters
        sound = next(line for line in sdp.splitlines() if line.startswith("m=audio"))
        red = next(line.split(":")[1].split()[0] for line in sdp.splitlines() if "red/48000/2" in line)
        assert sound.split()[3:] == [red, opus]
        assert f"a=fmtp:{red} {opus}/{opus}" in sdp.splitlines()


async def test_packets_of_sound_are_of_one_length_whether_somebody_speaks_or_not(ends: tuple[End, End]) -> None:
    """The fake microphone beeps each second and is silent between."""
    for end in ends:
        await end.page.evaluate(
            """() => {
                const Plain = RTCPeerConnection;
                globalThis.RTCPeerConnection = class extends Plain {
                    constructor(...given) { super(...given); globalThis.connection = this; }
                };
            }"""
        )
    citizen, office = ends
    await connect(citizen, office)
    for end in ends:
        lengths = await end.page.evaluate(
            """async () => {
                const sent = async () => {
                    const stats = [...(await connection.getStats()).values()];
                    const sound = stats.find((each) => each.type === "outbound-rtp" && each.kind === "audio");
                    return [sound.packetsSent, sound.bytesSent];
                };
                const lengths = [];
                let [packets, bytes] = await sent();
                while (lengths.length < 20) {
                    await new Promise((resolve) => setTimeout(resolve, 150));
                    const [morePackets, moreBytes] = await sent();
                    if (morePackets > packets) lengths.push((moreBytes - bytes) / (morePackets - packets));
                    [packets, bytes] = [morePackets, moreBytes];
                }
                return lengths;
            }"""
        )
        assert max(lengths) - min(lengths) <= 1, lengths
        # 80 bytes of Opus, the 80 before them once more, five of RED's, at most 25 of SFrame's.
        assert 165 <= min(lengths) <= 190, lengths


async def test_only_the_signed_certificate_is_taken(
    browser: Browser, address: str, carrying: set[asyncio.Task[None]]
) -> None:
    """A fingerprint that somebody put beside the signed one, in the way, changes nothing: it does not come in."""
    citizen, office = await End.open(browser, address), await End.open(browser, address)

    def forged(message: dict[str, Any]) -> dict[str, Any]:
        if message["type"] not in ("offer", "answer"):
            return message
        false = "a=fingerprint:sha-256 " + ":".join(["AA"] * 32)
        return message | {"sdp": message["sdp"].replace("a=setup", f"{false}\r\na=setup")}

    joined(citizen, office, carrying, change=forged)
    await connect(citizen, office)


async def test_a_browser_that_took_another_certificate_is_noticed(ends: tuple[End, End]) -> None:
    citizen, office = ends
    await citizen.page.evaluate(
        "() => { RTCDtlsTransport.prototype.getRemoteCertificates = () => [new Uint8Array(64).buffer]; }"
    )
    region = await a_region(office)
    await office.start(negotiate(offers=False), region)
    await citizen.start(negotiate(offers=True), region)
    assert (await citizen.seen("alarm"))["code"] == "certificate-in-use-wrong"
    assert not [event for event in citizen.events if event["type"] in ("confirmed", "connected")]
    # In a page `state.js` reads it; an end alone may have finished its handshake, and takes no more of it.
    seals = [event["payload"] for event in citizen.events if event["type"] == "seal"]
    assert json.loads(base64.urlsafe_b64decode(seals[-1] + "==")) == {
        "t": "refused",
        "code": "certificate-in-use-wrong",
    }


async def test_a_handshake_that_is_late_is_a_loss_and_no_alarm(
    browser: Browser, address: str, carrying: set[asyncio.Task[None]]
) -> None:
    """A slow line is no attack: the server tries anew."""
    citizen, office = await End.open(browser, address), await End.open(browser, address)
    joined(citizen, office, carrying, withheld=2)
    region = await a_region(office)
    await office.start(negotiate(offers=False), region)
    await citizen.start(negotiate(offers=True), region)
    for end in (citizen, office):
        await end.seen("lost", within=25)
        assert not [event for event in end.events if event["type"] in ("alarm", "connected")]


async def test_another_offices_certificate_ends_it_with_its_code(
    browser: Browser, address: str, carrying: set[asyncio.Task[None]]
) -> None:
    citizen, office = await End.open(browser, address), await End.open(browser, address)
    joined(citizen, office, carrying)
    region, elsewhere = await a_region(office), await a_region(office)
    await office.start(negotiate(offers=False), elsewhere)
    await citizen.start(negotiate(offers=True), region)
    assert (await citizen.seen("alarm"))["code"] == "chain-wrong"
    told = await office.seen("alarm")
    assert (told["code"], told["reason"]) == ("refused-by-other", "chain-wrong")
    assert not [event for end in (citizen, office) for event in end.events if event["type"] == "connected"]


async def test_a_kiosk_needs_a_certificate(browser: Browser, address: str, carrying: set[asyncio.Task[None]]) -> None:
    citizen, office = await End.open(browser, address), await End.open(browser, address)
    joined(citizen, office, carrying)
    region = await a_region(office)
    at_kiosk = negotiate(offers=False)
    at_kiosk["other"]["device"] = "badr-1"
    await office.start(at_kiosk, region)
    await citizen.start(negotiate(offers=True), region)
    assert (await office.seen("alarm"))["code"] == "certificate-missing"


async def test_both_ends_sign_at_the_goodbye(ends: tuple[End, End]) -> None:
    citizen, office = ends
    await connect(citizen, office)
    await citizen.page.evaluate("() => { peer.sayGoodbye(); peer.close(true); }")
    await office.seen("goodbye", within=3)
    await office.page.evaluate("() => peer.close(true)")
    files = [json.loads((await end.seen("kept", within=3))["file"]) for end in ends]
    assert files[0] == files[1]
    assert all(files[0][role] for role in ("citizen", "office"))
