"""A state machine: devices ask, stewards of every kind approve and revoke, devices renew, time passes and the issuer is
restarted, in any order, beside a model of what must then be true."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from support.issuer_paper import ANCHOR, START, Paper, Signatory, a_serial, a_signatory, an_approval

from tawasul.e2ee.certificate import DAY, DEVICES, verify_chain
from tawasul.e2ee.enrolment import make_renewal, make_request, make_revocation
from tawasul.e2ee.errors import (
    CertificateExpired,
    CertificateRevoked,
    CertificateRoleWrong,
    ChainWrong,
    PrivacyError,
)
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.names import DeviceName, DeviceRole
from tawasul.e2ee.revocation import Revocations, verify_revocations
from tawasul.issuer.core.messages import (
    Chain,
    Enrolled,
    Given,
    Renewed,
    Renewing,
    Requested,
    Revoking,
    Sequence,
    Standing,
    State,
)
from tawasul.issuer.core.register import FRESH_FOR, RENEWABLE_FOR, WAITS_FOR
from tawasul.issuer.errors import (
    EnrolmentOtherName,
    EnrolmentRevoked,
    EnrolmentUnknown,
    RenewalLate,
    RenewalWrong,
    RevocationRefused,
    StewardWrong,
)

NAMES = [DeviceName("madinah", DeviceRole.KIOSK, "badr-1"), DeviceName("madinah", DeviceRole.OFFICE, "emirate")]
DEVICE_KEYS = [SigningKey.generate() for _ in range(2)]

AHMAD = a_signatory("ahmad")
AHMAD_WITH_ANOTHER_KEY = a_signatory("ahmad")
AHMADS_KEY_ELSEWHERE = a_signatory("elsewhere", key=AHMAD.key)
SARA = a_signatory("sara")
STEWARDS = [AHMAD, AHMAD_WITH_ANOTHER_KEY, AHMADS_KEY_ELSEWHERE, SARA]
EXPIRED = a_signatory("old", lifetime=10)
OFFICE = a_signatory("emirate", role=DeviceRole.OFFICE)
STRANGER = a_signatory("ahmad", root=SigningKey.generate())
NOBODIES = [(EXPIRED, CertificateExpired), (OFFICE, CertificateRoleWrong), (STRANGER, ChainWrong)]

keys = st.sampled_from(DEVICE_KEYS)
names = st.sampled_from(NAMES)
mostly = st.sampled_from([True, True, True, True, False])
"""Whether what is said fits what was asked for: if it seldom did, nothing would ever be enrolled."""
stewards = st.sampled_from(STEWARDS)


@dataclass
class Model:
    """What one device key is to the issuer, as the test understands the contract."""

    waits_as: DeviceName | None = None
    asked_at: float = 0
    words: list[Signatory] = field(default_factory=list)
    enrolled_as: DeviceName | None = None
    serials: list[tuple[str, float]] = field(default_factory=list)
    newest_at: float = 0
    revoked: bool = False

    def waits(self, now: float) -> bool:
        return self.waits_as is not None and now < self.asked_at + WAITS_FOR

    def enrolled(self, now: float) -> bool:
        return self.enrolled_as is not None and now < self.serials[-1][1] + RENEWABLE_FOR


class Enrolments(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.paper = Paper(Path(self.folder.name))
        self.model = {key.thumbprint: Model() for key in DEVICE_KEYS}
        self.revoked: set[str] = set()
        self.sequence = 0
        self.steps = 0

    def teardown(self) -> None:
        self.paper.close()
        self.folder.cleanup()

    @property
    def now(self) -> float:
        now: float = self.paper.now
        return now

    def refused(self, given: Given, cause: type[PrivacyError]) -> None:
        """It must be refused for just this cause, and nothing must have changed."""
        before = self.paper.store.read()
        with pytest.raises(cause) as refusal:
            self.paper.tell(given)
        assert type(refusal.value) is cause
        assert self.paper.store.read() == before

    def own_name(self, model: Model, fits: bool) -> DeviceName:
        """The name under which the key waits or is enrolled, or the other one."""
        own = (model.waits_as if model.waits(self.now) else model.enrolled_as) or NAMES[0]
        return own if fits else next(name for name in NAMES if name != own)

    def note_certificate(self, key: SigningKey, chain: tuple[str, ...], name: DeviceName) -> None:
        """Every chain that is given out holds for just this name and key."""
        assert key.thumbprint not in self.revoked
        certificate = verify_chain(chain, ANCHOR, now=self.now, revocations=self.listed(), roles=DEVICES)
        assert (certificate.name, certificate.key) == (name, key.public)
        assert certificate.expires == int(self.now) + 3 * DAY
        model = self.model[key.thumbprint]
        model.serials.append((certificate.serial, certificate.expires))
        model.newest_at = self.now

    def listed(self) -> Revocations:
        signed, chain = self.paper.revocations
        return verify_revocations(signed.text, chain, ANCHOR, now=self.now)

    @rule(key=keys, fits=mostly)
    def ask(self, key: SigningKey, fits: bool) -> None:
        model = self.model[key.thumbprint]
        name = self.own_name(model, fits)
        given = Requested(make_request(key, name, now=int(self.now)))
        if model.revoked:
            self.refused(given, EnrolmentRevoked)
        elif model.enrolled(self.now) and model.enrolled_as != name:
            self.refused(given, EnrolmentOtherName)
        elif model.enrolled(self.now):
            assert self.paper.answer(given, Standing).state is State.ENROLLED
        else:
            if not (model.waits(self.now) and model.waits_as == name):
                model.waits_as, model.asked_at, model.words = name, int(self.now), []
            standing = self.paper.answer(given, Standing)
            assert (standing.state, standing.approvals) == (State.WAITING, len(model.words))

    @rule(key=keys, fits=mostly, steward=stewards)
    def approve(self, key: SigningKey, fits: bool, steward: Signatory) -> None:
        model = self.model[key.thumbprint]
        name = self.own_name(model, fits)
        given = an_approval(steward, name, key, self.now)
        if steward.thumbprint in self.revoked:
            self.refused(given, CertificateRevoked)
        elif model.revoked:
            self.refused(given, EnrolmentRevoked)
        elif model.enrolled(self.now):
            if model.enrolled_as == name:
                assert self.paper.answer(given, Standing).state is State.ENROLLED
            else:
                self.refused(given, EnrolmentOtherName)
        elif not model.waits(self.now) or model.waits_as != name:
            self.refused(given, EnrolmentUnknown)
        else:
            model.words = [word for word in model.words if not word.same_person(steward)] + [steward]
            effects = self.paper.tell(given)
            standing = next(effect for effect in effects if isinstance(effect, Standing))
            enrolled = [effect for effect in effects if isinstance(effect, Enrolled)]
            if len(model.words) < 2:
                assert (standing.state, standing.approvals, enrolled) == (State.WAITING, len(model.words), [])
                return
            one, other = model.words
            assert one.name != other.name
            assert one.thumbprint != other.thumbprint
            assert not {one.thumbprint, other.thumbprint} & self.revoked
            assert (standing.state, len(enrolled)) == (State.ENROLLED, 1)
            model.waits_as, model.words, model.enrolled_as, model.serials = None, [], name, []
            self.note_certificate(key, standing.chain, name)

    @rule(key=keys, name=names, nobody=st.sampled_from(NOBODIES))
    def approve_as_nobody(
        self, key: SigningKey, name: DeviceName, nobody: tuple[Signatory, type[PrivacyError]]
    ) -> None:
        signatory, cause = nobody
        self.refused(an_approval(signatory, name, key, self.now), cause)

    @rule(key=keys, name=names, steward=stewards, other=stewards)
    def approve_with_the_chain_of_another(
        self, key: SigningKey, name: DeviceName, steward: Signatory, other: Signatory
    ) -> None:
        if steward.thumbprint != other.thumbprint:
            given = an_approval(steward, name, key, self.now, chain=other.chain)
            self.refused(given, CertificateRevoked if other.thumbprint in self.revoked else StewardWrong)

    @rule(key=keys, fits=mostly, which=st.integers(0, 4))
    def renew(self, key: SigningKey, fits: bool, which: int) -> None:
        model = self.model[key.thumbprint]
        name = self.own_name(model, fits)
        others = [serial for each in self.model.values() if each is not model for serial, _ in each.serials]
        serial = others[-1] if others else "A" * 22
        if model.serials and which < 4:
            serial = model.serials[-1 - which % len(model.serials)][0]
        given = Renewing(make_renewal(key, name, serial, now=int(self.now)), a_serial())
        if model.revoked:
            self.refused(given, EnrolmentRevoked)
            return
        if model.enrolled_as is None:
            self.refused(given, EnrolmentUnknown)
            return
        expires = dict(model.serials).get(serial)
        if expires is None or name != model.enrolled_as:
            self.refused(given, RenewalWrong)
        elif self.now >= expires + RENEWABLE_FOR:
            # One so old may have been forgotten meanwhile.
            with pytest.raises(RenewalLate if serial == model.serials[-1][0] else (RenewalLate, RenewalWrong)):
                self.paper.tell(given)
        else:
            effects = self.paper.tell(given)
            chain = next(effect for effect in effects if isinstance(effect, Chain))
            if self.now < model.newest_at + FRESH_FOR:
                assert not [effect for effect in effects if isinstance(effect, Renewed)]
            else:
                self.note_certificate(key, chain.texts, name)

    # Without a steward nothing happens any more: one key of Ahmad's is never lost.
    @precondition(lambda self: self.steps > 12)
    @rule(steward=stewards, whose=st.sampled_from([DEVICE_KEYS[0], AHMAD_WITH_ANOTHER_KEY.key, SARA.key]))
    def revoke(self, steward: Signatory, whose: SigningKey) -> None:
        given = Revoking(make_revocation(steward.key, whose.thumbprint, "lost", now=int(self.now)), steward.chain)
        if steward.thumbprint in self.revoked:
            self.refused(given, CertificateRevoked)
            return
        again = whose.thumbprint in self.revoked
        before = self.sequence
        number = self.paper.answer(given, Sequence).number
        assert number == (before if again else before + 1)
        self.sequence = number
        self.revoked.add(whose.thumbprint)
        if whose.thumbprint in self.model:
            self.model[whose.thumbprint] = Model(revoked=True)
        for model in self.model.values():
            model.words = [word for word in model.words if word.thumbprint != whose.thumbprint]
        assert whose.thumbprint in self.listed().keys

    @rule(steward=stewards)
    def revoke_the_issuer(self, steward: Signatory) -> None:
        for thumbprint in (self.paper.key.thumbprint, ANCHOR.fingerprint):
            given = Revoking(make_revocation(steward.key, thumbprint, "", now=int(self.now)), steward.chain)
            self.refused(given, CertificateRevoked if steward.thumbprint in self.revoked else RevocationRefused)

    @rule(seconds=st.sampled_from([1, 299, 700, 3_600, 5 * 3_600, DAY, 20 * DAY]))
    def pass_time(self, seconds: int) -> None:
        if self.now + seconds < START + 80 * DAY:  # the issuer's own certificate has 90 days
            self.paper.now += seconds
        self.paper.pass_time()

    @rule()
    def restart(self) -> None:
        before = self.paper.store.read()
        self.paper.restart()
        assert self.paper.store.read() == before

    @invariant()
    def the_list_holds_and_grows(self) -> None:
        self.steps += 1
        listed = self.listed()
        assert listed.seq >= self.sequence
        self.sequence = listed.seq
        assert self.now - listed.issued < 3_600
        assert listed.keys <= self.revoked

    @invariant()
    def every_key_stands_as_the_model_says(self) -> None:
        for thumbprint, model in self.model.items():
            standing = self.paper.register.standing(thumbprint, self.now)
            if model.waits(self.now):
                assert (standing.state, standing.approvals) == (State.WAITING, len(model.words))
            else:
                assert standing.state is (State.ENROLLED if model.enrolled(self.now) else State.UNKNOWN)


Enrolments.TestCase.settings = settings(max_examples=80, stateful_step_count=60, deadline=None)
TestEnrolments = Enrolments.TestCase
