"""The issuer's register, case by case: what waits and lapses, what is refused and why, what stands in the list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.issuer_paper import ANCHOR, MAIN, START, Paper, a_serial, a_signatory, an_approval, title_of

from tawasul.e2ee.certificate import DAY, DEVICES, verify_chain
from tawasul.e2ee.enrolment import code_of, make_renewal, make_request, make_revocation
from tawasul.e2ee.errors import (
    CertificateTooLarge,
    EnrolmentMalformed,
    EnrolmentNameWrong,
    EnrolmentStale,
    PrivacyError,
    SignatureWrong,
)
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.names import DeviceName, DeviceRole
from tawasul.e2ee.revocation import MOST, verify_revocations
from tawasul.issuer import errors
from tawasul.issuer.core import register
from tawasul.issuer.core.messages import (
    Approved,
    Chain,
    Given,
    Renewing,
    Requested,
    RequestKept,
    Revoking,
    Standing,
    State,
)
from tawasul.issuer.problems import ISSUER_PROBLEMS

BADR = DeviceName("madinah", DeviceRole.KIOSK, "badr-1")
OFFICE = DeviceName("madinah", DeviceRole.OFFICE, "emirate")
AHMAD, SARA = a_signatory("ahmad"), a_signatory("sara")


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    paper = Paper(tmp_path)
    yield paper
    paper.close()


def ask(paper: Paper, name: DeviceName = BADR, key: SigningKey | None = None) -> SigningKey:
    """A device that waits from now on."""
    key = key or SigningKey.generate()
    paper.tell(Requested(make_request(key, name, now=int(paper.now))))
    return key


def enrol(paper: Paper, name: DeviceName = BADR) -> tuple[SigningKey, tuple[str, ...]]:
    """An enrolled device and its chain."""
    key = ask(paper, name)
    for steward in (AHMAD, SARA):
        standing = paper.answer(an_approval(steward, name, key, paper.now), Standing)
    assert standing.state is State.ENROLLED
    return key, standing.chain


def refusal(paper: Paper, given: Given) -> type[PrivacyError]:
    with pytest.raises(PrivacyError) as refused:
        paper.tell(given)
    assert refused.value.code in ISSUER_PROBLEMS
    return type(refused.value)


def test_the_code_is_the_key_s(paper: Paper) -> None:
    key = SigningKey.generate()
    standing = paper.answer(Requested(make_request(key, BADR, now=int(paper.now))), Standing)
    assert standing == Standing(State.WAITING, 0, (), code_of(key.thumbprint))


def test_a_request_is_refused_for_its_own_reason(paper: Paper) -> None:
    key, now = SigningKey.generate(), int(paper.now)
    good = make_request(key, BADR, now=now)
    head, _, _ = good.split(".")
    other = make_request(SigningKey.generate(), BADR, now=now)
    for request, cause in (
        ("", EnrolmentMalformed),
        ("x" * 12_289, EnrolmentMalformed),
        (good[:-4], SignatureWrong),
        (head + other[len(head) :], SignatureWrong),
        (make_renewal(key, BADR, "A" * 22, now=now), EnrolmentMalformed),
        (make_request(key, BADR, now=now - 301), EnrolmentStale),
        (make_request(key, BADR, now=now + 301), EnrolmentStale),
        (make_request(key, DeviceName("madinah", DeviceRole.STEWARD, "x"), now=now), EnrolmentNameWrong),
        (make_request(key, DeviceName("qassim", DeviceRole.KIOSK, "badr-1"), now=now), errors.EnrolmentPlaceUnknown),
        (make_request(key, DeviceName("madinah", DeviceRole.KIOSK, "nowhere"), now=now), errors.EnrolmentPlaceUnknown),
    ):
        assert refusal(paper, Requested(request)) is cause, request[:60]
    assert paper.register.waiting(paper.now) == []


def test_approvals_are_refused_for_their_own_reason(paper: Paper) -> None:
    key = ask(paper)
    huge = (AHMAD.chain[0] + "x" * 5_000,)
    assert refusal(paper, an_approval(AHMAD, BADR, key, paper.now, chain=huge)) is CertificateTooLarge
    assert refusal(paper, an_approval(AHMAD, OFFICE, key, paper.now)) is errors.EnrolmentUnknown
    assert refusal(paper, an_approval(AHMAD, BADR, SigningKey.generate(), paper.now)) is errors.EnrolmentUnknown
    assert refusal(paper, an_approval(AHMAD, BADR, key, paper.now - DAY - 1)) is EnrolmentStale
    assert refusal(paper, an_approval(AHMAD, BADR, key, paper.now, chain=SARA.chain)) is errors.StewardWrong
    assert paper.register.standing(key.thumbprint, paper.now).approvals == 0


def test_a_steward_who_approves_twice_is_one(paper: Paper) -> None:
    key = ask(paper)
    for _ in range(3):
        assert paper.answer(an_approval(AHMAD, BADR, key, paper.now), Standing).approvals == 1
        paper.now += 60
    assert paper.answer(an_approval(SARA, BADR, key, paper.now), Standing).state is State.ENROLLED


def test_an_approval_that_comes_again_makes_no_other_certificate(paper: Paper) -> None:
    key, chain = enrol(paper)
    assert paper.answer(an_approval(AHMAD, BADR, key, paper.now), Standing).chain == chain


def test_another_name_takes_the_approvals_away(paper: Paper) -> None:
    key = ask(paper)
    paper.tell(an_approval(AHMAD, BADR, key, paper.now))
    ask(paper, OFFICE, key)
    assert paper.answer(an_approval(SARA, OFFICE, key, paper.now), Standing).state is State.WAITING


def test_a_request_lapses_and_its_approval_with_it(paper: Paper) -> None:
    key = ask(paper)
    paper.tell(an_approval(AHMAD, BADR, key, paper.now))
    asked = paper.now
    paper.now = asked + register.WAITS_FOR - 1
    paper.pass_time()
    assert [each.key for each in paper.register.waiting(paper.now)] == [key.public]
    assert paper.register.standing(key.thumbprint, paper.now).state is State.WAITING
    paper.now = asked + register.WAITS_FOR
    assert paper.register.waiting(paper.now) == []
    assert paper.register.standing(key.thumbprint, paper.now).state is State.UNKNOWN, "nor before it is written down"
    assert paper.register.deadline is not None
    assert paper.register.deadline <= paper.now
    paper.pass_time()
    assert paper.store.read().waiting == {}
    assert refusal(paper, an_approval(SARA, BADR, key, paper.now)) is errors.EnrolmentUnknown
    ask(paper, BADR, key)
    assert paper.answer(an_approval(SARA, BADR, key, paper.now), Standing).approvals == 1


def test_whoever_fills_the_list_displaces_their_own(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "MOST_WAITING", 5)
    ours = ask(paper, OFFICE)
    paper.tell(an_approval(AHMAD, OFFICE, ours, paper.now))
    other = ask(paper, OFFICE)
    for _ in range(20):
        paper.now += 1
        ask(paper, BADR)
    waiting = paper.register.waiting(paper.now)
    assert len(waiting) == 5 == len(paper.store.read().waiting)
    assert [each.key for each in waiting[:2]] == [ours.public, other.public]
    assert waiting[2].asked_at == int(paper.now) - 2, "the oldest of them made way"


def test_where_all_that_wait_are_approved_there_is_no_room(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "MOST_WAITING", 2)
    for _ in range(2):
        paper.tell(an_approval(AHMAD, BADR, ask(paper), paper.now))
    request = make_request(SigningKey.generate(), BADR, now=int(paper.now))
    assert refusal(paper, Requested(request)) is errors.EnrolmentsFull


def test_the_list_is_signed_each_hour_and_at_each_change(paper: Paper) -> None:
    key, _ = enrol(paper)
    assert paper.lists == [1]
    paper.now += register.SIGN_EVERY - 60
    paper.pass_time()
    assert paper.lists == [1], "the first was signed a while after the beginning"
    paper.now += 60
    paper.pass_time()
    paper.tell(Revoking(make_revocation(AHMAD.key, key.thumbprint, "lost", now=int(paper.now)), AHMAD.chain))
    assert paper.lists == [1, 2, 3]
    paper.restart()
    paper.now += register.SIGN_EVERY
    paper.pass_time()
    assert paper.lists == [1, 2, 3, 4]


def test_after_a_backup_was_put_back_lists_go_on_far_above(paper: Paper) -> None:
    before = paper.lists[-1]
    paper.restart(restored=True)
    paper.now += register.SIGN_EVERY
    paper.pass_time()
    assert paper.lists[-2:] == [before + register.RESTORED_SKIPS + 1, before + register.RESTORED_SKIPS + 2]


def test_a_revoked_key_stays_listed_until_nothing_of_it_could_be_believed(paper: Paper) -> None:
    key, _ = enrol(paper)
    stranger = SigningKey.generate()
    for each in (key, stranger):
        paper.tell(Revoking(make_revocation(AHMAD.key, each.thumbprint, "lost", now=int(paper.now)), AHMAD.chain))
    assert listed(paper) == {key.thumbprint, stranger.thumbprint}
    paper.now += 3 * DAY + register.SLOW_CLOCK
    paper.pass_time()
    # The device's certificates have ended; a stranger's key may be a steward's, whose certificate lasts a year.
    assert listed(paper) == {stranger.thumbprint}
    request = make_request(key, BADR, now=int(paper.now))
    assert refusal(paper, Requested(request)) is errors.EnrolmentRevoked


def listed(paper: Paper) -> set[str]:
    signed, chain = paper.revocations
    return set(verify_revocations(signed.text, chain, ANCHOR, now=paper.now).keys)


def test_a_full_list_is_said_to_be_full(paper: Paper) -> None:
    held = paper.register._held
    held.revoked.update({SigningKey.generate().thumbprint: START + 10 * DAY for _ in range(MOST)})
    revocation = make_revocation(AHMAD.key, SigningKey.generate().thumbprint, "lost", now=int(paper.now))
    assert refusal(paper, Revoking(revocation, AHMAD.chain)) is errors.RevocationsFull


def test_a_device_that_stayed_away_too_long_is_enrolled_anew(paper: Paper) -> None:
    key, chain = enrol(paper)
    serial = serial_of(paper, chain)
    paper.now += 3 * DAY + register.RENEWABLE_FOR
    paper.pass_time()
    renewal = Renewing(make_renewal(key, BADR, serial, now=int(paper.now)), a_serial())
    assert refusal(paper, renewal) is errors.RenewalLate
    assert paper.register.standing(key.thumbprint, paper.now).state is State.UNKNOWN
    ask(paper, OFFICE, key)
    for steward in (AHMAD, SARA):
        standing = paper.answer(an_approval(steward, OFFICE, key, paper.now), Standing)
    assert standing.state is State.ENROLLED


def serial_of(paper: Paper, chain: tuple[str, ...]) -> str:
    listed = paper.revocations
    known = verify_revocations(listed[0].text, listed[1], ANCHOR, now=paper.now)
    return verify_chain(chain, ANCHOR, now=paper.now, revocations=known, roles=DEVICES).serial


def test_an_issuer_whose_certificate_has_ended_issues_nothing(paper: Paper) -> None:
    paper.now = START + 90 * DAY - 3_600
    paper.pass_time()
    key, chain = enrol(paper)
    serial = serial_of(paper, chain)
    paper.now += 3_600
    renewal = Renewing(make_renewal(key, BADR, serial, now=int(paper.now)), a_serial())
    assert refusal(paper, renewal) is errors.IssuerExpired


def test_nothing_changes_before_it_is_applied(paper: Paper) -> None:
    key = SigningKey.generate()
    effects = paper.register.handle(Requested(make_request(key, BADR, now=int(paper.now))), paper.now)
    assert isinstance(effects[0], RequestKept)
    assert paper.register.waiting(paper.now) == []


def test_what_is_approved_is_certified_as_people_call_it(paper: Paper) -> None:
    key, chain = enrol(paper)
    signed, of_list = paper.revocations
    known = verify_revocations(signed.text, of_list, ANCHOR, now=paper.now)
    certificate = verify_chain(chain, ANCHOR, now=paper.now, revocations=known, roles=DEVICES, place="badr-1")
    assert (certificate.title, certificate.signer, certificate.key) == (title_of(BADR), MAIN, key.public)


def test_an_approval_without_a_chain_is_none(paper: Paper) -> None:
    key = ask(paper)
    approval = an_approval(AHMAD, BADR, key, paper.now)
    assert refusal(paper, Approved(approval.approval, (), approval.serial)).code == "chain-wrong"


def test_every_refusal_of_the_issuer_is_in_the_tree_and_has_its_sentences() -> None:
    own = [
        each
        for each in vars(errors).values()
        if isinstance(each, type) and each.__module__ == errors.__name__ and issubclass(each, Exception)
    ]
    assert len(own) > 15
    for each in own:
        assert each.__name__ in (errors.__doc__ or "")
        assert each.code in (errors.__doc__ or "") or each.code == "trust-folder"
        if issubclass(each, PrivacyError):
            assert each.code in ISSUER_PROBLEMS
    for row in ISSUER_PROBLEMS.values():
        assert any("\u0600" <= letter <= "\u06ff" for letter in row.arabic)
        assert row.english.isascii()


def test_only_the_own_certificate_is_renewed_and_only_under_its_name(paper: Paper) -> None:
    key, chain = enrol(paper)
    other, others = enrol(paper, OFFICE)
    serial, now = serial_of(paper, chain), int(paper.now)
    for signer, name, named in ((key, OFFICE, serial), (key, BADR, serial_of(paper, others)), (other, OFFICE, serial)):
        renewal = Renewing(make_renewal(signer, name, named, now=now), a_serial())
        assert refusal(paper, renewal) is errors.RenewalWrong
    stranger = SigningKey.generate()
    renewal = Renewing(make_renewal(stranger, BADR, serial, now=now), a_serial())
    assert refusal(paper, renewal) is errors.EnrolmentUnknown


def test_a_renewal_is_a_new_certificate_unless_the_last_one_is_fresh(paper: Paper) -> None:
    key, chain = enrol(paper)
    renewal = make_renewal(key, BADR, serial_of(paper, chain), now=int(paper.now))
    assert paper.answer(Renewing(renewal, a_serial()), Chain).texts == chain
    paper.now += register.FRESH_FOR
    renewal = make_renewal(key, BADR, serial_of(paper, chain), now=int(paper.now))
    renewed = paper.answer(Renewing(renewal, a_serial()), Chain).texts
    assert serial_of(paper, renewed) != serial_of(paper, chain)
    # The answer was lost: the device comes again, with the certificate that it has.
    assert paper.answer(Renewing(renewal, a_serial()), Chain).texts == renewed


@pytest.mark.parametrize("restarted", [False, True])
def test_what_a_revoked_steward_approved_counts_no_more(paper: Paper, restarted: bool) -> None:
    key, enrolled = ask(paper), enrol(paper, OFFICE)[0]
    paper.tell(an_approval(AHMAD, BADR, key, paper.now))
    for thumbprint in (AHMAD.thumbprint, enrolled.thumbprint):
        paper.tell(Revoking(make_revocation(SARA.key, thumbprint, "lost", now=int(paper.now)), SARA.chain))
    if restarted:
        paper.restart()
    assert paper.register.standing(key.thumbprint, paper.now).approvals == 0
    assert refusal(paper, an_approval(AHMAD, BADR, key, paper.now)).code == "certificate-revoked"
    assert paper.answer(an_approval(SARA, BADR, key, paper.now), Standing).state is State.WAITING
    assert refusal(paper, Requested(make_request(enrolled, OFFICE, now=int(paper.now)))) is errors.EnrolmentRevoked
