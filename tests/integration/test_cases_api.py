"""A case over the API: its whole way with desk, office, agency and citizen; who sees what; what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.case_people import ID, People, last_week, right
from support.cases import ROADS, WATER
from support.papers import a_picture, an_acting_pdf
from support.store_app import Browser, Service, running_app

from tawasul.domain.errors import LinkNotValid
from tawasul.domain.message import MessageKind
from tawasul.domain.people import StaffId


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with running_app(tmp_path) as service:
        yield service


@pytest.fixture
async def people(service: Service) -> People:
    return await People.of(service)


async def attach(
    browser: Browser, whose: str, case: dict[str, Any], content: bytes, said: str = "image/png"
) -> httpx.Response:
    return await browser.http.post(
        f"/api/{whose}/cases/{case['id']}/documents",
        content=content,
        headers={"content-type": said, "x-file-name": "report.png"},
    )


async def listed(browser: Browser, path: str, **query: str) -> list[str]:
    return [case["id"] for case in right(await browser.get(path, **query), 200)["cases"]]


async def test_the_whole_way_to_an_answer_that_is_contested_and_then_accepted(service: Service, people: People) -> None:
    case = await people.directed()
    assert await listed(people.desk, "/api/desk/cases", box="ratify") == [case["id"]]
    assert await listed(people.agency, "/api/agency/cases") == []
    seen = await people.sees(people.desk, "desk", case)
    assert (seen["state"], seen["owner"], seen["directive"]["state"]) == ("proposed", "desk", "proposed")
    assert seen["citizen"]["national_id_last_four"] == ID[-4:]

    desk, agency = f"/api/desk/cases/{case['id']}", f"/api/agency/cases/{case['id']}"
    assert (await people.desk.get(f"/desk/cases/{case['id']}/receipt")).status_code == 404
    wrong = await people.desk.post(f"{desk}/ratify", directive_id=seen["directive"]["id"], code="1000000008")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "ticket-not-valid")
    ratified = await people.does(people.desk, f"{desk}/ratify", directive_id=seen["directive"]["id"], code=ID)
    assert (ratified["state"], ratified["agency"]["arabic"]) == ("referred", WATER.name.arabic)

    receipt = await people.desk.get(f"/desk/cases/{case['id']}/receipt")
    assert receipt.status_code == 200
    assert "تُصلح الشبكة" in receipt.text
    assert (await people.other_desk.get(f"/desk/cases/{case['id']}/receipt")).status_code == 404

    assert await listed(people.agency, "/api/agency/cases") == [case["id"]]
    assert (await people.sees(people.agency, "agency", case))["citizen"] is None
    await people.does(people.agency, f"{agency}/take-on")
    assert (await people.sees(people.agency, "agency", case))["citizen"]["name"]
    await people.does(people.agency, f"{agency}/ask", question="أين البئر؟")
    assert await listed(people.desk, "/api/desk/cases", box="questions") == [case["id"]]
    await people.does(people.desk, f"{desk}/reply", words="شرق القرية")
    remaining = [{"words": "خزان القرية", "due_on": people.in_a_week}]
    reported = await people.does(people.agency, f"{agency}/report", words="بدأ العمل", remaining=remaining)
    assert [item["words"] for item in reported["remaining"]] == ["خزان القرية"]

    file = right(await attach(people.agency, "agency", case, a_picture("PNG")), 201)
    answered = await people.does(people.agency, f"{agency}/answer", words="أُصلحت الشبكة")
    assert (answered["state"], answered["owner"]) == ("answered", "citizen")
    again = await people.agency.post(f"{agency}/answer", words="مرة أخرى")
    assert (again.status_code, again.json()["code"]) == (409, "answered-already")

    token = people.token(case)
    own = await people.does(people.citizen, "/api/case/open", token=token)
    assert (own["may_accept"], own["may_contest"], own["may_rate"]) == (True, True, True)
    assert "name" not in own
    opened = await people.citizen.post("/api/case/document", token=token, document_id=file["id"])
    assert (opened.status_code, opened.headers["content-type"]) == (200, "image/png")
    contested = await people.does(people.citizen, "/api/case/contest", token=token, reason="ما زال ينقطع")
    assert (contested["state"], contested["may_contest"]) == ("contested", False)

    agenda = right(await people.office.get("/api/office/agenda"), 200)
    assert [(each["id"], each["agenda"]) for each in agenda["cases"]] == [(case["id"], "contested")]
    unread = await people.citizen.post("/api/case/accept", token=token, answered_at="2020-01-01T00:00:00Z")
    assert (unread.status_code, unread.json()["code"]) == (409, "stale"), "another answer than the one that was read"
    await people.does(people.citizen, "/api/case/accept", token=token, answered_at=contested["answered_at"])
    await people.does(people.citizen, "/api/case/rate", 204, token=token, rating=3)
    twice = await people.citizen.post("/api/case/rate", token=token, rating=1)
    assert twice.status_code == 409
    closed = await people.sees(people.office, "office", case)
    assert (closed["state"], closed["closed_because"], closed["due_at"]) == ("closed", "accepted", None)
    late = await people.citizen.post("/api/case/contest", token=token, reason="لا")
    assert late.json()["code"] == "case-closed"
    async with service.parts.database.unit_of_work(reading=True) as uow:
        told = [message.kind for message in await uow.messages.latest(9)]
    assert sorted(told) == [MessageKind.ANSWER_READY, MessageKind.QUESTION]


async def test_what_is_not_theirs_is_as_if_it_were_not_there(people: People) -> None:
    case = await people.ratified()
    for browser, whose in (
        (people.other_desk, "desk"),
        (people.other_agency, "agency"),
    ):
        path = f"/api/{whose}/cases/{case['id']}"
        assert (await browser.get(path)).status_code == 404
        assert await listed(browser, f"/api/{whose}/cases") == []
    for step, body in {
        "take-on": {},
        "return": {"reason": "لا"},
        "ask": {"question": "متى؟"},
        "answer": {"words": "تم"},
    }.items():
        answer = await people.other_agency.http.post(f"/api/agency/cases/{case['id']}/{step}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found"), step
    for step, body in {"refer": {"agency_id": "water", "words": "ن"}, "withdraw": {}, "settle": {"words": "ن"}}.items():
        answer = await people.other_desk.http.post(f"/api/desk/cases/{case['id']}/{step}", json=body)
        assert answer.status_code == 404, step
    assert (await attach(people.other_agency, "agency", case, a_picture("PNG"))).status_code == 404


async def test_an_agency_sees_nothing_of_before_its_referral_nor_after_it_gave_it_back(people: People) -> None:
    case = await people.ratified()
    seen = await people.sees(people.agency, "agency", case)
    assert [entry["kind"] for entry in seen["entries"]] == ["ratified"]
    assert seen["directive"]["wording"] == "تُصلح الشبكة"
    await people.does(people.agency, f"/api/agency/cases/{case['id']}/return", reason="ليس من شأننا")
    assert (await people.agency.get(f"/api/agency/cases/{case['id']}")).status_code == 404
    assert (await people.sees(people.office, "office", case))["owner"] == "office"


async def test_the_office_prolongs_sends_elsewhere_and_directs_no_closed_agency_nor_yesterday(people: People) -> None:
    case = await people.ratified()
    path = f"/api/office/cases/{case['id']}"
    prolonged = await people.does(people.office, f"{path}/prolong", words="لبعد المكان", due_on=people.in_a_week)
    assert prolonged["state"] == "referred"
    gone = await people.office.post(f"{path}/prolong", words="ن", due_on=last_week(people.service).isoformat())
    assert (gone.status_code, gone.json()["code"]) == (422, "due-date-passed")
    sent = await people.does(people.office, f"{path}/reassign", agency_id=ROADS.id, words="الطريق أولًا")
    assert sent["agency"]["english"] == ROADS.name.english
    nowhere = await people.office.post(f"{path}/reassign", agency_id="nowhere", words="ن")
    assert nowhere.status_code == 404
    assert await listed(people.office, "/api/office/cases", agency="roads", state="referred") == [case["id"]]
    stale = await people.office.post(f"{path}/reassign", agency_id="water", words="ن", version=0)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")


async def test_a_second_suggestion_of_the_same_is_told_and_merged(people: People) -> None:
    first = await people.taken("إنارة طريق القرية الشمالي", "suggestion")
    told = await people.does(people.desk, "/api/desk/cases/likely", subject="اناره طريق القريه الشمالى")
    assert [each["case"]["id"] for each in told["likely"]] == [first["id"]]
    second = await people.taken("انارة طريق القريه الشمالي", "suggestion")
    path = f"/api/desk/cases/{second['id']}/merge"
    merged = await people.does(people.desk, path, into=first["id"])
    assert (merged["state"], merged["closed_because"]) == ("closed", "merged")
    assert (await people.sees(people.desk, "desk", second))["merged_into"] == first["number"]


async def test_a_guesser_is_told_nothing(people: People) -> None:
    case = await people.taken()
    found = await people.does(people.citizen, "/api/case/look", number=case["number"], proof=ID)
    assert (found["number"], found["state"]) == (case["number"], "received")
    wrongs = [
        (case["number"], "0500000099"),
        (case["number"], ""),
        (case["number"][:-1] + str((int(case["number"][-1]) + 1) % 10), ID),
        ("1447-99999-0", ID),
        ("nothing", ID),
    ]
    answers = [await people.citizen.post("/api/case/look", number=number, proof=proof) for number, proof in wrongs]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}


async def test_a_number_is_tried_ten_times_and_then_not_for_a_while(people: People) -> None:
    case = await people.taken()
    for _ in range(10):
        assert (await people.citizen.post("/api/case/look", number=case["number"], proof="1")).status_code == 404
    refused = await people.citizen.post("/api/case/look", number=case["number"], proof=ID)
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-attempts")
    # However the number is written, it is the same number.
    for between in (" ", "", "/", ".", "–", "−", "x", "\u0640"):
        same = await people.citizen.post("/api/case/look", number=case["number"].replace("-", between), proof=ID)
        assert (between, same.status_code) == (between, 429)


async def test_who_comes_with_many_links_keeps_no_device_from_what_was_directed_to_it(people: People) -> None:
    """Telephones of one network share an address: the pages of those who were heard ask again by themselves."""
    for _ in range(120):
        assert (await people.citizen.post("/api/case/open", token="x")).status_code == 403
    assert (await people.citizen.post("/api/case/open", token="x")).status_code == 429
    assert (await people.citizen.get("/api/own/directive")).json()["code"] == "not-signed-in"


@pytest.mark.parametrize("token", ["x", "1447000018.AAAA", "١٤٤٧", "a.b.c"])
async def test_a_link_that_we_did_not_make_opens_nothing(people: People, token: str) -> None:
    await people.taken()
    for step, more in {
        "open": {},
        "accept": {},
        "contest": {"reason": "ن"},
        "withdraw": {},
        "rate": {"rating": 1},
        "document": {"document_id": "x"},
    }.items():
        answer = await people.citizen.http.post(f"/api/case/{step}", json={"token": token, **more})
        assert answer.json()["code"] == "link-not-valid", step


async def test_it_is_found_by_number_by_name_and_by_words_in_any_spelling(people: People) -> None:
    case = await people.taken()
    for query in (case["number"], ID, "انقطاع الماء", "قريه الصفراء"):
        found = await people.does(people.desk, "/api/desk/cases/find", query=query)
        assert [each["id"] for each in found["cases"]] == [case["id"]], query
    other = await people.does(people.other_desk, "/api/desk/cases/find", query=case["number"])
    assert other["cases"] == []


async def test_every_letter_of_a_link_counts(people: People) -> None:
    links = people.service.parts.following.links
    token = people.token(await people.taken())
    # Of the last letter of 16 bytes in base64url four bits say nothing.
    for place, letter in enumerate(token[:-1]):
        other = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        with pytest.raises(LinkNotValid):
            links.read(other)


@pytest.mark.parametrize(
    ("content", "said", "code"),
    [
        (b"MZ\x90\x00 a program", "application/pdf", "attachment-refused"),
        (b"%PDF-1.7 <script>", "application/pdf", "attachment-broken"),
        (an_acting_pdf("script"), "application/pdf", "attachment-active"),
        (a_picture("PNG"), "application/pdf", "attachment-mistaken"),
        (b"", "image/png", "attachment-refused"),
    ],
)
async def test_what_is_no_document_is_refused_and_noted(
    service: Service, people: People, content: bytes, said: str, code: str
) -> None:
    case = await people.ratified()
    await people.does(people.agency, f"/api/agency/cases/{case['id']}/take-on")
    answer = await attach(people.agency, "agency", case, content, said)
    assert answer.json()["code"] == code
    assert (await people.sees(people.agency, "agency", case))["documents"] == []
    async with service.parts.database.unit_of_work(reading=True) as uow:
        links = await uow.audit.by_staff(StaffId("staff-water"), 100)
    assert "refused-on-case" in [link.action for link in links]
