"""Who waits, who is enrolled, what is revoked: the issuer's decisions over what it holds. Pure.

Contract: `handle` changes nothing. It raises a PrivacyError, or returns effects: write every `Change` down in one
transaction, `apply` them in their order, and only then give out the answer. Call `handle(Passed(), now)` when
`deadline` is reached. So an answer is never ahead of the disk, and a failed disk leaves everything as it was.

::

    a request ──► waiting ──first steward──► waiting ──second steward──► enrolled ──► renewed, again and again
                   │ 24 h                     │ 24 h; a steward revoked       │ a revocation by one steward
                   ▼                          ▼                               ▼
                  gone              gone, or without that approval         revoked, for good
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from tawasul.e2ee.certificate import CLOCK_DIFFERENCE, DAY, LIFETIME, Anchor, Certificate, Title, issue, verify_chain
from tawasul.e2ee.encoding import b64
from tawasul.e2ee.enrolment import code_of, read_approval, read_renewal, read_request, read_revocation
from tawasul.e2ee.keys import PublicKey, SigningKey
from tawasul.e2ee.names import DeviceName, DeviceRole
from tawasul.e2ee.revocation import LIFETIME as LIST_LIFETIME
from tawasul.e2ee.revocation import MOST as MOST_REVOKED
from tawasul.e2ee.revocation import Revocations, sign_revocations
from tawasul.issuer.core.messages import (
    Approved,
    Chain,
    Change,
    Device,
    Effect,
    Endorsed,
    Endorsement,
    Enrolled,
    Given,
    Issued,
    KeyRevoked,
    ListSigned,
    Passed,
    Renewed,
    Renewing,
    Requested,
    RequestKept,
    RequestsLapsed,
    Revoking,
    Sequence,
    SignedList,
    Standing,
    State,
    Waiting,
)
from tawasul.issuer.errors import (
    EnrolmentOtherName,
    EnrolmentPlaceUnknown,
    EnrolmentRevoked,
    EnrolmentsFull,
    EnrolmentUnknown,
    IssuerExpired,
    RenewalLate,
    RenewalWrong,
    RevocationRefused,
    RevocationsFull,
    StewardWrong,
)

STEWARDS_NEEDED = 2

WAITS_FOR = DAY
"""Seconds. The stewards come on the day on which the device is put up; it asks again by itself."""

MOST_WAITING = 200
"""A region has a few dozen devices; whatever fills the list beyond that is not one of them."""

SIGN_EVERY = 3_600
"""Seconds. A list is believed for 24 hours, so an issuer that is away for most of a day stops nobody."""

RENEWABLE_FOR = 30 * DAY
"""Seconds after a certificate's end. A kiosk that was switched off over a long holiday comes back by itself."""

FRESH_FOR = 600
"""Seconds for which a renewal is answered by the certificate that is there: a lost answer, or a device that asks
without end, makes no new one."""

RESTORED_SKIPS = 100_000
"""Numbers of lists left out after a backup was put back: more than an issuer uses in ten years. Endpoints refuse a list
below one that they have seen."""

MOST_UNKNOWN = MOST_REVOKED // 2
"""Keys in the list that are no device's here, and stand there for a year: the rest is for those that are."""

SLOW_CLOCK = DAY
"""Seconds for which a revoked key stays on the list beyond its last certificate: an endpoint's clock may be wrong."""


@dataclass(slots=True)
class Holdings:
    """All that the issuer keeps, by thumbprint. `revoked`: until when each is on the list."""

    waiting: dict[str, Waiting] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    revoked: dict[str, int] = field(default_factory=dict)
    signed: SignedList | None = None


class Register:
    """The issuer's core. `certificate` is its own, verified; `titles` tells how people call a place, or `None`.

    `restored`: `holdings` come from a backup, so that later lists than these may have been seen.
    """

    def __init__(
        self,
        *,
        anchor: Anchor,
        key: SigningKey,
        certificate: Certificate,
        titles: Callable[[DeviceName], Title | None],
        holdings: Holdings,
        restored: bool = False,
    ) -> None:
        self.anchor = anchor
        self.certificate = certificate
        self._key = key
        self._titles = titles
        self._held = holdings
        self._skipped = RESTORED_SKIPS if restored else 0

    @property
    def deadline(self) -> float | None:
        """When `Passed` is due; before the first list, at once."""
        if self._held.signed is None or self._skipped:
            return 0.0
        lapses = (waiting.asked_at + WAITS_FOR for waiting in self._held.waiting.values())
        return float(min([self._held.signed.issued_at + SIGN_EVERY, *lapses]))

    def handle(self, given: Given, now: float) -> list[Effect]:
        """What follows from `given` at `now` (seconds since 1970 UTC).

        Raises those of EnrolmentProblem, and of CertificateProblem for a steward's chain.
        """
        match given:
            case Requested(request):
                return self._request(request, now)
            case Approved():
                return self._approve(given, now)
            case Renewing():
                return self._renew(given, now)
            case Revoking():
                return self._revoke(given, now)
            case Passed():
                return self._pass(now)

    def apply(self, change: Change) -> None:
        """Takes a change in that has been written down."""
        held = self._held
        match change:
            case RequestKept(waiting, displaced):
                if displaced is not None:
                    held.waiting.pop(displaced, None)
                held.waiting[waiting.key.thumbprint] = waiting
            case RequestsLapsed(thumbprints):
                for thumbprint in thumbprints:
                    held.waiting.pop(thumbprint, None)
            case Endorsed(waiting):
                held.waiting[waiting.key.thumbprint] = waiting
            case Enrolled(device) | Renewed(device):
                held.waiting.pop(device.key.thumbprint, None)
                held.devices[device.key.thumbprint] = device
            case KeyRevoked():
                held.revoked[change.thumbprint] = change.until
                held.devices.pop(change.thumbprint, None)
                held.waiting.pop(change.thumbprint, None)
                # What a steward's stolen key has approved counts no more, where the second is still to come.
                for thumbprint, waiting in held.waiting.items():
                    held.waiting[thumbprint] = _without(waiting, change.thumbprint)
            case ListSigned(signed):
                held.signed, self._skipped = signed, 0

    # What may be asked

    def waiting(self, now: float) -> list[Waiting]:
        """Who waits, the longest first."""
        waiting = (each for each in self._held.waiting.values() if now < each.asked_at + WAITS_FOR)
        return sorted(waiting, key=lambda each: each.asked_at)

    def standing(self, thumbprint: str, now: float) -> Standing:
        """How a key stands. A revoked one is unknown."""
        waiting = self._waits(thumbprint, now)
        if waiting is not None:
            return _standing(waiting)
        device = self._device(thumbprint, now)
        return self._enrolled(device) if device is not None else Standing(State.UNKNOWN, 0)

    @property
    def signed_list(self) -> SignedList | None:
        """The revocation list; `None` before the first `Passed`."""
        return self._held.signed

    # What is decided

    def _request(self, text: str, now: float) -> list[Effect]:
        request = read_request(text, now=now)
        thumbprint = request.key.thumbprint
        if request.name.region != self.anchor.region or self._titles(request.name) is None:
            raise EnrolmentPlaceUnknown
        if thumbprint in self._held.revoked:
            raise EnrolmentRevoked
        device = self._device(thumbprint, now)
        if device is not None:
            if device.name != request.name:
                raise EnrolmentOtherName
            return [self._enrolled(device)]
        waiting = self._waits(thumbprint, now)
        if waiting is not None and waiting.name == request.name:
            # Asked again, as a device does that lost the answer: its place and its approvals stay.
            return [_standing(waiting)]
        waiting = Waiting(request.name, request.key, int(now))
        return [RequestKept(waiting, self._make_room(thumbprint, now)), _standing(waiting)]

    def _approve(self, given: Approved, now: float) -> list[Effect]:
        approval = read_approval(given.approval, now=now)
        steward = self._steward(given.chain, approval.key, now)
        if approval.jkt in self._held.revoked:
            raise EnrolmentRevoked
        device = self._device(approval.jkt, now)
        if device is not None:
            if device.name != approval.name:
                raise EnrolmentOtherName
            return [self._enrolled(device)]
        waiting = self._waits(approval.jkt, now)
        if waiting is None or waiting.name != approval.name:
            raise EnrolmentUnknown
        word = Endorsement(steward.name, steward.key.thumbprint, int(now), given.approval)
        if any(
            (each.steward, each.steward_thumbprint) == (word.steward, word.steward_thumbprint)
            for each in waiting.endorsements
        ):
            # Said again, or sent again by whoever carried it: nobody approved once more.
            return [_standing(waiting)]
        # Two stewards are two people with two keys: the same place or the same key again counts once.
        others = [
            each
            for each in waiting.endorsements
            if each.steward != word.steward and each.steward_thumbprint != word.steward_thumbprint
        ]
        endorsed = replace(waiting, endorsements=(*others, word))
        if len(endorsed.endorsements) < STEWARDS_NEEDED:
            return [Endorsed(endorsed, word), _standing(endorsed)]
        device = Device(waiting.name, waiting.key, (self._issue(waiting.name, waiting.key, given.serial, now),))
        return [Endorsed(endorsed, word), Enrolled(device), self._enrolled(device)]

    def _renew(self, given: Renewing, now: float) -> list[Effect]:
        renewal = read_renewal(given.renewal, now=now)
        thumbprint = renewal.key.thumbprint
        if thumbprint in self._held.revoked:
            raise EnrolmentRevoked
        device = self._held.devices.get(thumbprint)
        if device is None:
            raise EnrolmentUnknown
        present = next((each for each in device.certificates if each.serial == renewal.jti), None)
        if device.name != renewal.name or present is None:
            raise RenewalWrong
        if now >= present.expires + RENEWABLE_FOR:
            raise RenewalLate
        age = now - device.newest.issued_at
        # One of a clock that was ahead would be of no use until that time has come.
        if -CLOCK_DIFFERENCE <= age < FRESH_FOR and now < device.newest.expires:
            return [Chain(self._chain(device))]
        kept = (each for each in device.certificates if now < each.expires + RENEWABLE_FOR)
        renewed = replace(device, certificates=(*kept, self._issue(device.name, device.key, given.serial, now)))
        return [Renewed(renewed), Chain(self._chain(renewed))]

    def _revoke(self, given: Revoking, now: float) -> list[Effect]:
        revocation = read_revocation(given.revocation, now=now)
        steward = self._steward(given.chain, revocation.key, now)
        if revocation.jkt in (self.certificate.key.thumbprint, self.anchor.root.thumbprint):
            raise RevocationRefused
        if revocation.jkt in self._held.revoked and self._held.signed is not None:
            return [Sequence(self._held.signed.sequence)]
        device = self._held.devices.get(revocation.jkt)
        if len(self._listed(now)) >= MOST_REVOKED or (device is None and self._unknown(now) >= MOST_UNKNOWN):
            raise RevocationsFull
        # A key that is no device's may be a steward's, of whom the issuer need not have heard yet.
        ends = [each.expires for each in device.certificates] if device is not None else []
        last = max(ends, default=int(now) + LIFETIME[DeviceRole.STEWARD])
        revoked = KeyRevoked(
            thumbprint=revocation.jkt,
            at=int(now),
            until=max(last, int(now)) + SLOW_CLOCK,
            steward=steward.name,
            steward_thumbprint=steward.key.thumbprint,
            reason=revocation.reason,
            proof=given.revocation,
        )
        signed = self._sign([*self._listed(now), revocation.jkt], now)
        return [revoked, signed, Sequence(signed.signed.sequence)]

    def _pass(self, now: float) -> list[Effect]:
        effects: list[Effect] = []
        late = [jkt for jkt, waiting in self._held.waiting.items() if now >= waiting.asked_at + WAITS_FOR]
        if late:
            effects.append(RequestsLapsed(tuple(late)))
        signed = self._held.signed
        # One from the future is of a clock that was ahead, and would stand until that time has come.
        if signed is None or self._skipped or not -SIGN_EVERY <= now - signed.issued_at < SIGN_EVERY:
            effects.append(self._sign(self._listed(now), now))
        return effects

    # The parts of a decision

    def _steward(self, chain: tuple[str, ...], signer: PublicKey, now: float) -> Certificate:
        ours = Revocations(0, int(now), int(now) + LIST_LIFETIME, frozenset(), frozenset(self._held.revoked))
        steward = verify_chain(chain, self.anchor, now=now, revocations=ours, roles=frozenset({DeviceRole.STEWARD}))
        if steward.key != signer:
            raise StewardWrong
        return steward

    def _waits(self, thumbprint: str, now: float) -> Waiting | None:
        waiting = self._held.waiting.get(thumbprint)
        return waiting if waiting is not None and now < waiting.asked_at + WAITS_FOR else None

    def _device(self, thumbprint: str, now: float) -> Device | None:
        """An enrolled one; who stayed away too long is enrolled anew, by two stewards."""
        device = self._held.devices.get(thumbprint)
        return device if device is not None and now < device.newest.expires + RENEWABLE_FOR else None

    def _make_room(self, thumbprint: str, now: float) -> str | None:
        """Which request has to make way, if one has: the oldest without an approval, of the place that has the most.

        Whoever fills the list displaces their own; who was displaced asks again.
        """
        others = [each for each in self.waiting(now) if each.key.thumbprint != thumbprint]
        if len(others) < MOST_WAITING:
            return None
        unapproved = [each for each in others if not each.endorsements]
        if not unapproved:
            raise EnrolmentsFull
        # By what people call the place: any number of names is a rehearsal's, and all of those are one.
        of_a_place = Counter(self._titles(each.name) for each in unapproved)
        return max(unapproved, key=lambda each: (of_a_place[self._titles(each.name)], -each.asked_at)).key.thumbprint

    def _issue(self, name: DeviceName, key: PublicKey, serial: bytes, now: float) -> Issued:
        title = self._titles(name)
        if title is None:
            raise EnrolmentPlaceUnknown
        if now >= self.certificate.expires:
            raise IssuerExpired
        # Beyond the issuer's own certificate it would be of no use, and say otherwise.
        lifetime = min(LIFETIME[name.role], self.certificate.expires - int(now))
        text = issue(
            self._key,
            self.certificate.name,
            name=name,
            title=title,
            key=key,
            serial=serial,
            now=int(now),
            lifetime=lifetime,
        )
        return Issued(b64(serial), int(now), int(now) + lifetime, text)

    def _sign(self, keys: Iterable[str], now: float) -> ListSigned:
        sequence = 1 + self._skipped + (self._held.signed.sequence if self._held.signed else 0)
        text = sign_revocations(self._key, self.certificate.name, now=int(now), seq=sequence, serials=(), keys=keys)
        return ListSigned(SignedList(sequence, int(now), text))

    def _listed(self, now: float) -> list[str]:
        return [thumbprint for thumbprint, until in self._held.revoked.items() if now < until]

    def _unknown(self, now: float) -> int:
        """How many that are listed were no device's: those that stay longer than any device's certificate."""
        longest = now + LIFETIME[DeviceRole.KIOSK] + SLOW_CLOCK
        return sum(1 for until in self._held.revoked.values() if until > longest)

    def _chain(self, device: Device) -> tuple[str, ...]:
        return device.newest.text, self.certificate.text

    def _enrolled(self, device: Device) -> Standing:
        code = code_of(device.key.thumbprint)
        return Standing(State.ENROLLED, STEWARDS_NEEDED, self._chain(device), code)


def _standing(waiting: Waiting) -> Standing:
    return Standing(State.WAITING, len(waiting.endorsements), code=code_of(waiting.key.thumbprint))


def _without(waiting: Waiting, steward_thumbprint: str) -> Waiting:
    kept = tuple(each for each in waiting.endorsements if each.steward_thumbprint != steward_thumbprint)
    return waiting if len(kept) == len(waiting.endorsements) else replace(waiting, endorsements=kept)
