"""What a review of the issuer found: words that are said again, clocks that are set back, disks that are full."""

from __future__ import annotations

import base64
import contextlib
import json
import resource
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.issuer_paper import ANCHOR, Paper, a_signatory, an_approval

from tawasul.e2ee.certificate import DAY, signatures_of
from tawasul.e2ee.enrolment import make_renewal, make_request, make_revocation
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.names import DeviceName, DeviceRole
from tawasul.e2ee.revocation import MOST
from tawasul.issuer.core.messages import Approved, Chain, Passed, Renewing, Requested, Revoking, Standing, State
from tawasul.issuer.errors import FileUnwritable, RevocationsFull
from tawasul.issuer.folder import make_key, replace
from tawasul.issuer.places import Places
from tawasul.issuer.store import IssuerStore

BADR = DeviceName("madinah", DeviceRole.KIOSK, "badr-1")
AHMAD, SARA = a_signatory("ahmad"), a_signatory("sara")


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    paper = Paper(tmp_path)
    yield paper
    paper.close()


def ask(paper: Paper, name: DeviceName = BADR) -> SigningKey:
    key = SigningKey.generate()
    paper.tell(Requested(make_request(key, name, now=int(paper.now))))
    return key


def enrol(paper: Paper) -> tuple[SigningKey, tuple[str, ...]]:
    key = ask(paper)
    for steward in (AHMAD, SARA):
        standing = paper.answer(an_approval(steward, BADR, key, paper.now), Standing)
    assert standing.state is State.ENROLLED
    return key, standing.chain


def renew(paper: Paper, key: SigningKey, chain: tuple[str, ...]) -> tuple[str, ...]:
    serial = signatures_of(chain, ANCHOR)[0].serial
    renewal = make_renewal(key, BADR, serial, now=int(paper.now))
    return paper.answer(Renewing(renewal, SigningKey.generate().public.thumbprint.encode()[:16]), Chain).texts


def test_an_approval_that_is_said_again_is_not_noted_again(paper: Paper, tmp_path: Path) -> None:
    """Whoever carries it could fill the disk with it, and the audit would tell of days on which nobody approved."""
    key = ask(paper)
    approval = an_approval(AHMAD, BADR, key, paper.now)
    paper.tell(approval)
    paper.now += 3600
    again = Approved(approval.approval, approval.chain, b"another serial..")
    assert paper.answer(again, Standing).approvals == 1
    noted = IssuerStore.audit_of(tmp_path / "issuer.db")
    assert [(line.what, line.steward) for line in noted] == [("approved", str(AHMAD.name))]


def test_a_certificate_of_a_clock_that_was_ahead_is_not_given_again(paper: Paper) -> None:
    """It would be of no use until that time has come: as long as the clock was wrong."""
    now = paper.now
    paper.now = now + 20 * DAY
    key, chain = enrol(paper)
    paper.now = now
    mended = signatures_of(renew(paper, key, chain), ANCHOR)[0]
    assert mended.not_before == int(now)


def test_a_list_of_a_clock_that_was_ahead_is_signed_anew(paper: Paper) -> None:
    """Else nothing but a revocation would bring another one before that time has come."""
    now = paper.now
    paper.now = now + 20 * DAY
    paper.tell(Passed())
    ahead, _ = paper.revocations
    paper.now = now
    paper.tell(Passed())
    mended, _ = paper.revocations
    assert (mended.issued_at, mended.sequence) == (int(now), ahead.sequence + 1)
    paper.tell(Passed())
    assert paper.revocations[0] == mended


def test_a_revoked_key_is_listed_until_the_last_of_its_certificates_has_ended(paper: Paper) -> None:
    """Also one of a clock that was ahead, which is no longer the newest."""
    now = paper.now
    paper.now = now + 20 * DAY
    key, chain = enrol(paper)
    ends = signatures_of(chain, ANCHOR)[0].expires
    paper.now = now
    renew(paper, key, chain)
    paper.tell(Revoking(make_revocation(SARA.key, key.thumbprint, "stolen", now=int(now)), SARA.chain))
    paper.now = ends - 1
    paper.tell(Passed())
    signed, _ = paper.revocations
    assert key.thumbprint in _keys_of(signed.text)


def _keys_of(text: str) -> list[str]:
    payload = text.split(".")[1]
    keys: list[str] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["keys"]
    return keys


def test_who_fills_the_list_with_rehearsals_displaces_rehearsals(tmp_path: Path) -> None:
    """Their names may be anything: each a name of its own, they would push out the oldest, who is a kiosk."""
    places = Places("madinah")
    paper = Paper(tmp_path, titles=places.title)
    honest = ask(paper)
    for number in range(250):
        paper.now += 0.1
        ask(paper, DeviceName("madinah", DeviceRole.KIOSK, f"rehearsal-{number}"))
    assert paper.register.standing(honest.thumbprint, paper.now).state is State.WAITING
    paper.close()


def test_after_a_disk_that_was_full_the_same_issuer_goes_on(paper: Paper) -> None:
    """No file may grow meanwhile, which is what a full disk does to the commit."""
    key = SigningKey.generate()
    request = Requested(make_request(key, BADR, now=int(paper.now)))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        with pytest.raises(sqlite3.Error):
            paper.tell(request)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert paper.register.standing(key.thumbprint, paper.now).state is State.UNKNOWN
    assert paper.answer(request, Standing).state is State.WAITING
    paper.restart()
    assert paper.register.standing(key.thumbprint, paper.now).state is State.WAITING


@pytest.mark.parametrize("write", [lambda file: make_key(file, b"a password"), lambda file: replace(file, b"x")])
def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(write: object) -> None:
    file = Path("/proc/no-such-folder/key.pem")
    with pytest.raises(FileUnwritable, match=r"/proc/no-such-folder/key\.pem cannot be written: "):
        write(file)  # type: ignore[operator]


def test_of_a_file_that_could_not_be_written_nothing_is_left(tmp_path: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        with pytest.raises(FileUnwritable):
            make_key(tmp_path / "steward.pem", b"a password")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(tmp_path.iterdir()) == []


def test_a_stolen_steward_s_key_cannot_fill_the_list_against_the_devices(paper: Paper) -> None:
    """Each key of nobody's stands there for a year; a kiosk that is stolen later has to be stopped all the same."""
    stolen, _ = enrol(paper)
    for _ in range(MOST):
        junk = SigningKey.generate().thumbprint
        with contextlib.suppress(RevocationsFull):
            paper.tell(Revoking(make_revocation(AHMAD.key, junk, "", now=int(paper.now)), AHMAD.chain))
    paper.tell(Revoking(make_revocation(SARA.key, stolen.thumbprint, "stolen", now=int(paper.now)), SARA.chain))
    assert stolen.thumbprint in _keys_of(paper.revocations[0].text)
