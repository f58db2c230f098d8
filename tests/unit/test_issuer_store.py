"""The issuer's file: for its owner alone, one process at a time, all of a step or nothing, and an audit that stays."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from support.issuer_paper import Paper, a_signatory, an_approval

from tawasul.e2ee.enrolment import make_request, make_revocation
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.names import DeviceName, DeviceRole
from tawasul.issuer.core.messages import ListSigned, Requested, RequestsLapsed, Revoking, SignedList
from tawasul.issuer.errors import FileUnusable, IssuerRuns
from tawasul.issuer.store import IssuerStore

BADR = DeviceName("madinah", DeviceRole.KIOSK, "badr-1")
AHMAD, SARA = a_signatory("ahmad"), a_signatory("sara")


def a_day(paper: Paper) -> SigningKey:
    """A device that was enrolled and revoked."""
    key = SigningKey.generate()
    paper.tell(Requested(make_request(key, BADR, now=int(paper.now))))
    for steward in (AHMAD, SARA):
        paper.tell(an_approval(steward, BADR, key, paper.now))
    paper.tell(Revoking(make_revocation(SARA.key, key.thumbprint, "سُرق", now=int(paper.now)), SARA.chain))
    return key


def test_who_did_what_is_told_with_their_signatures(tmp_path: Path) -> None:
    paper = Paper(tmp_path)
    key = a_day(paper)
    lines = IssuerStore.audit_of(tmp_path / "issuer.db")  # beside the one that runs
    assert [(line.what, line.name, line.thumbprint, line.steward) for line in lines] == [
        ("approved", str(BADR), key.thumbprint, str(AHMAD.name)),
        ("approved", str(BADR), key.thumbprint, str(SARA.name)),
        ("enrolled", str(BADR), key.thumbprint, None),
        ("revoked", str(BADR), key.thumbprint, str(SARA.name)),
    ]
    assert lines[-1].reason == "سُرق"
    assert [bool(line.proof) for line in lines] == [True, True, False, True]
    paper.close()


@pytest.mark.parametrize("statement", ["UPDATE audit SET steward = 'x'", "DELETE FROM audit"])
def test_the_audit_is_only_added_to(tmp_path: Path, statement: str) -> None:
    paper = Paper(tmp_path)
    a_day(paper)
    paper.close()
    connection = sqlite3.connect(tmp_path / "issuer.db")
    with pytest.raises(sqlite3.IntegrityError, match="only added to"):
        connection.execute(statement)
    connection.close()


def test_the_file_is_its_owner_s(tmp_path: Path) -> None:
    paper = Paper(tmp_path)
    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    assert {"issuer.db", "issuer.lock"} <= set(modes)
    assert set(modes.values()) == {0o600}
    paper.close()


def test_a_second_issuer_over_the_same_file_is_refused(tmp_path: Path) -> None:
    paper = Paper(tmp_path)
    with pytest.raises(IssuerRuns):
        IssuerStore(tmp_path / "issuer.db")
    paper.close()
    IssuerStore(tmp_path / "issuer.db").close()


def test_of_a_step_that_fails_nothing_is_kept(tmp_path: Path) -> None:
    paper = Paper(tmp_path)
    a_day(paper)
    before = paper.store.read()
    signed = before.signed
    assert signed is not None
    with pytest.raises(sqlite3.IntegrityError, match="never signed twice"):
        paper.store.write([RequestsLapsed(()), ListSigned(SignedList(signed.sequence + 1, 0, "x")), ListSigned(signed)])
    assert paper.store.read() == before
    paper.close()


def test_another_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("not a database, but a text that is long enough to look at" * 20)
    with pytest.raises(FileUnusable):
        IssuerStore(tmp_path / "text.db")
    later = sqlite3.connect(tmp_path / "later.db")
    later.execute("PRAGMA user_version = 99")
    later.close()
    with pytest.raises(FileUnusable, match="another version"):
        IssuerStore(tmp_path / "later.db")
    with pytest.raises(FileUnusable):
        IssuerStore.audit_of(tmp_path / "text.db")
