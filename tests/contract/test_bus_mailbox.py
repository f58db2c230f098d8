"""The contract of ``Mailbox``. Another bus passes it by being added to the fixture."""

import pytest

from tawasul.bus.memory import MemoryMailbox
from tawasul.bus.port import Mailbox


@pytest.fixture(params=["memory"])
def mailbox(request: pytest.FixtureRequest) -> Mailbox:
    return {"memory": MemoryMailbox}[request.param]()


async def test_messages_come_to_the_holder_in_order(mailbox: Mailbox) -> None:
    got: list[str] = []
    async with await mailbox.hold("kiosk:badr-1", got.append) as held:
        assert held.current
        sent = [await mailbox.send("kiosk:badr-1", message) for message in ("one", "two", "three")]
    assert sent == [True, True, True]
    assert got == ["one", "two", "three"]


async def test_messages_for_others_do_not(mailbox: Mailbox) -> None:
    mine: list[str] = []
    async with await mailbox.hold("kiosk:badr-1", mine.append):
        assert await mailbox.send("kiosk:badr-2", "x") is False
    assert mine == []


async def test_what_nobody_holds_is_gone(mailbox: Mailbox) -> None:
    got: list[str] = []
    assert await mailbox.send("office", "early") is False
    held = await mailbox.hold("office", got.append)
    await held.release()
    assert await mailbox.send("office", "late") is False
    assert got == []
    assert not held.current


async def test_the_newest_line_of_an_endpoint_holds_it(mailbox: Mailbox) -> None:
    old_messages: list[str] = []
    new_messages: list[str] = []
    old = await mailbox.hold("office", old_messages.append)
    new = await mailbox.hold("office", new_messages.append)
    assert (old.current, new.current) == (False, True)
    assert await mailbox.send("office", "hello")
    await old.release()
    assert await mailbox.send("office", "still here")
    assert (old_messages, new_messages) == ([], ["hello", "still here"])
