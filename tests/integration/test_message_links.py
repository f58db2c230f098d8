"""Each message's link opens a page that stands."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from support.factories import NOW, a_citizen, an_audience
from support.store_app import Service, still_app

from scheduler.notify.herald import Herald
from tawasul.domain.case import CaseId
from tawasul.domain.message import MessageKind
from tawasul.web.message_words import message_text

PAGES = {
    "/booking": 'id="booking"',
    "/offer": "js/offer.js",
    "/case": "js/case-link.js",
}
OF_A_CASE = {MessageKind.ANSWER_READY, MessageKind.ANSWER_CLOSES_SOON, MessageKind.QUESTION}


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with still_app(tmp_path) as service:
        yield service


async def link_of(service: Service, kind: MessageKind) -> str:
    """As the herald plans it; the token is any."""
    citizen = a_citizen()
    audience = an_audience(citizen, service.sitting)
    herald = Herald("https://majlis.example.sa")
    async with service.parts.database.unit_of_work() as uow:
        await uow.citizens.add(citizen)
        await uow.audiences.add(audience)
        if kind in OF_A_CASE:
            await herald.tell_about_case(
                uow, kind, citizen.id, case_id=CaseId("c"), language="ar", link_token="token", now=NOW, closes_at=NOW
            )
        else:
            of_offer = kind.value.startswith("offer")
            await herald.tell(
                uow, kind, None if of_offer else audience, citizen.id, now=NOW, link_token="token", expires_at=NOW
            )
        planned = next(message for message in await uow.messages.latest(9) if message.kind is kind)
    facts = json.loads(planned.facts.reveal())
    text = message_text(kind, "ar", facts)
    return str(facts["link"]) if facts["link"] in text else ""


@pytest.mark.parametrize("kind", MessageKind)
async def test_it_opens_a_page_and_its_token_is_sent_nowhere(service: Service, kind: MessageKind) -> None:
    link = await link_of(service, kind)
    if not link:
        assert kind in {
            MessageKind.CANCELLED, MessageKind.OFFER_LAPSED, MessageKind.OFFER_WITHDRAWN, MessageKind.TIME_LOST,
        }  # fmt: skip
        return
    address = urlsplit(link)
    assert (address.query, address.fragment) == ("", "token")
    page = await service.browser().get(address.path)
    assert page.status_code == 200
    assert PAGES[address.path] in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
