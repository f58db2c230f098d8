"""The issuer's core over its real file, with a clock to turn: what the shell does, without threads and without HTTP."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, get_args

from tawasul.e2ee.certificate import Anchor, Title, issue, signatures_of
from tawasul.e2ee.enrolment import make_approval
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.names import DeviceName, DeviceRole, root_name
from tawasul.issuer.core.messages import Approved, Change, Effect, Given, ListSigned, Passed, SignedList
from tawasul.issuer.core.register import Register
from tawasul.issuer.store import IssuerStore

START = 1_800_000_000
TITLE = Title("مكان", "A place")
ROOT = SigningKey.generate()
ANCHOR = Anchor("madinah", TITLE, ROOT.public)
MAIN = DeviceName("madinah", DeviceRole.ISSUER, "main")

_serials = itertools.count(1)
_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class Signatory:
    """Somebody with a key and a chain, such as a steward."""

    name: DeviceName
    key: SigningKey
    chain: tuple[str, ...]

    @property
    def thumbprint(self) -> str:
        """Of the key."""
        return self.key.thumbprint

    def same_person(self, other: Signatory) -> bool:
        """Whether the two count once: of one place, or with one key."""
        return self.name == other.name or self.thumbprint == other.thumbprint


def a_serial() -> bytes:
    """Sixteen bytes that were not used before."""
    return next(_serials).to_bytes(16, "big")


def a_signatory(
    place: str,
    *,
    role: DeviceRole = DeviceRole.STEWARD,
    key: SigningKey | None = None,
    root: SigningKey = ROOT,
    lifetime: int | None = None,
) -> Signatory:
    """Somebody whose certificate begins at ``START``: a steward, or an office with an issuer's chain."""
    key, name = key or SigningKey.generate(), DeviceName("madinah", role, place)
    if role is DeviceRole.STEWARD:
        return Signatory(name, key, (_issue(root, root_name("madinah"), name, key, lifetime),))
    issuer = SigningKey.generate()
    chain = _issue(issuer, MAIN, name, key, 300 * 86_400), _issue(root, root_name("madinah"), MAIN, issuer, None)
    return Signatory(name, key, chain)


def _issue(signer: SigningKey, signer_name: DeviceName, name: DeviceName, key: SigningKey, lifetime: int | None) -> str:
    return issue(
        signer, signer_name, name=name, title=TITLE, key=key.public, serial=a_serial(), now=START, lifetime=lifetime
    )


class Paper:
    """An issuer that lives in a test. Whatever it answers has been written down."""

    def __init__(self, folder: Path, *, titles: Callable[[DeviceName], Title | None] | None = None) -> None:
        """`titles`: of a region's places; without it every place but `nowhere` is one (`title_of`)."""
        self.now: float = START + 60
        self._titles = titles or title_of
        self.key = SigningKey.generate()
        self._text = _issue(ROOT, root_name("madinah"), MAIN, self.key, None)
        self._file = folder / "issuer.db"
        self.store = IssuerStore(self._file)
        self.register = self._made()
        self.lists: list[int] = []
        """The number of each list, in the order in which they were signed."""
        self.pass_time()

    def tell(self, given: Given) -> list[Effect]:
        """What the register decides, written down and applied. Raises as the register does."""
        effects = self.register.handle(given, self.now)
        changes = [effect for effect in effects if isinstance(effect, get_args(Change))]
        self.store.write(changes)
        for change in changes:
            self.register.apply(change)
            if isinstance(change, ListSigned):
                self.lists.append(change.signed.sequence)
        return effects

    def answer(self, given: Given, kind: type[_Answer]) -> _Answer:
        """The answer alone."""
        return next(effect for effect in self.tell(given) if isinstance(effect, kind))

    def pass_time(self) -> None:
        """As the shell does when the deadline has come."""
        deadline = self.register.deadline
        if deadline is not None and self.now >= deadline:
            self.tell(Passed())

    def restart(self, *, restored: bool = False) -> None:
        """Ends, and begins again with what is in the file."""
        self.store.close()
        self.store = IssuerStore(self._file)
        self.register = self._made(restored=restored)
        self.pass_time()

    @property
    def revocations(self) -> tuple[SignedList, list[str]]:
        """The list and its chain."""
        signed = self.register.signed_list
        assert signed is not None
        return signed, [self._text]

    def close(self) -> None:
        """Lets go of the file."""
        self.store.close()

    def _made(self, *, restored: bool = False) -> Register:
        (certificate,) = signatures_of([self._text], ANCHOR)
        return Register(
            anchor=ANCHOR,
            key=self.key,
            certificate=certificate,
            titles=self._titles,
            holdings=self.store.read(),
            restored=restored,
        )


def title_of(name: DeviceName) -> Title | None:
    """How people call a place in a test."""
    return None if name.place == "nowhere" else Title("مكان", name.place)


def an_approval(
    steward: Signatory, name: DeviceName, key: SigningKey, now: float, chain: tuple[str, ...] | None = None
) -> Approved:
    """A steward's word, with the own chain unless another is given."""
    text = make_approval(steward.key, name, key.thumbprint, now=int(now))
    return Approved(text, steward.chain if chain is None else chain, a_serial())
