"""`tawasul ca`, `tawasul issuer` and `tawasul trust` as people type them, from an empty folder to a revoked device."""

from __future__ import annotations

import asyncio
import contextlib
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.command import PATIENCE, Answer, environment
from support.issuer import RunningIssuer, an_issuer

from tawasul.e2ee.certificate import DEVICES
from tawasul.e2ee.enrolment import code_of, make_request, qr_text
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.names import DeviceName
from tawasul.e2ee.revocation import Trust
from tawasul.issuer.folder import read_anchor
from tawasul.issuer.steward import TrustClient

BADR = DeviceName.parse("urn:tawasul:madinah:kiosk:badr-1")
PASSWORDS = {
    "TAWASUL_CA__PASSWORD": "the root's own password",
    "TAWASUL_ISSUER__PASSWORD": "the issuer's own password",
    "TAWASUL_STEWARD__PASSWORD": "a steward's own password",
}


async def tawasul(folder: Path, *arguments: str, types: str = "", **told: str) -> Answer:
    """Runs a command to its end, in ``folder``; ``types``: what the person answers."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tawasul.cli", *arguments),
        env=environment(folder, **(told or PASSWORDS)),
        cwd=folder,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE):
        said, complained = await process.communicate(types.encode())
    assert process.returncode is not None
    return Answer(process.returncode, said.decode(), complained.decode())


async def did(folder: Path, *arguments: str, types: str = "") -> str:
    """What a command said that did what it was told."""
    answer = await tawasul(folder, *arguments, types=types)
    assert (answer.status, answer.complained) == (0, ""), answer
    return answer.said


async def refused(folder: Path, *arguments: str, types: str = "", **told: str) -> str:
    """The one sentence of a command that refused."""
    answer = await tawasul(folder, *arguments, types=types, **told)
    (sentence,) = answer.complaints
    assert answer.status == 2
    assert not any(password in answer.said + answer.complained for password in PASSWORDS.values())
    return sentence


def modes(folder: Path) -> set[int]:
    """Of every file in the folders of ``folder``."""
    return {file.stat().st_mode & 0o777 for file in folder.glob("*/*")}


def encrypted_keys(folder: Path) -> int:
    """How many keys there are; none of them may be open."""
    keys = [file.read_bytes() for file in folder.glob("*/*.pem")]
    assert all(b"ENCRYPTED" in key for key in keys)
    return len(keys)


@contextlib.asynccontextmanager
async def serving(folder: Path, issuer: str) -> AsyncIterator[str]:
    """The issuer by its command; its address."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tawasul.cli", "issuer", "serve", "--folder", issuer, "--port", "0"),
        env=environment(folder, **PASSWORDS),
        cwd=folder,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    try:
        async with asyncio.timeout(PATIENCE):
            line = (await process.stderr.readline()).decode()
            found = re.search(r"http://\S+", line)
            assert found is not None, line + (await process.stderr.read()).decode()
            yield found[0]
    finally:
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            await process.communicate()
    assert process.returncode == 0


async def test_from_an_empty_folder_to_a_device_that_is_revoked(tmp_path: Path) -> None:
    assert "fingerprint" in await did(tmp_path, "ca", "init", "--region", "madinah", "--folder", "root")
    await did(tmp_path, "issuer", "key", "--folder", "issuer")
    code = await did(tmp_path, "ca", "issuer", "--folder", "root", "--request", "issuer/issuer.request", types="y\n")
    assert re.search(r"Code: \w{4}-\w{4}-\w{4}", code)
    for name, arabic in (("ahmad", "أحمد"), ("sara", "سارة")):
        own = ("--folder", name, "--arabic", arabic, "--english", name.title())
        await did(tmp_path, "trust", "key", name, *own)
        request = ("--folder", "root", "--request", f"{name}/steward.request")
        assert arabic in await did(tmp_path, "ca", "steward", name, *request, types="y\n")
    assert modes(tmp_path) == {0o600}
    assert encrypted_keys(tmp_path) == 4

    key = SigningKey.generate()
    async with serving(tmp_path, "issuer") as address, TrustClient(address) as client:
        await client.request(make_request(key, BADR, now=int(time.time())))
        assert code_of(key.thumbprint) in await did(tmp_path, "trust", "waiting", "--server", address)
        by = ("--server", address, "--folder")
        said = await did(tmp_path, "trust", "approve", code_of(key.thumbprint).lower(), *by, "ahmad", types="y\n")
        assert "كشك بدر 1 – Badr kiosk 1" in said
        assert "Approvals: 1 of 2" in said
        assert "is enrolled" in await did(
            tmp_path, "trust", "approve", qr_text(BADR, key.thumbprint), *by, "sara", types="y\n"
        )
        standing = await client.standing(key.thumbprint)
        anchor = read_anchor(tmp_path / "root" / "anchor.json")
        trust = Trust(anchor).learn(*(await client.revocations()), time.time())
        assert trust.verify(standing["chain"], time.time(), DEVICES).key == key.public
        revoke = ("trust", "revoke", "--reason", "stolen", *by, "ahmad", "--", key.thumbprint)
        assert "Revoked" in await did(tmp_path, *revoke, types="y\n")
        trust = Trust(anchor).learn(*(await client.revocations()), time.time())
        assert trust.revocations is not None
        assert trust.revocations.keys == {key.thumbprint}
        lines = (await did(tmp_path, "issuer", "audit", "--folder", "issuer")).splitlines()
    assert [line.split()[3] for line in lines] == ["approved", "approved", "enrolled", "revoked"]
    async with serving(tmp_path, "issuer") as address, TrustClient(address) as client:
        again = trust.learn(*(await client.revocations()), time.time())
        assert again.revocations == trust.revocations, "a restart forgets nothing and signs nothing without need"


async def test_the_root_refuses_what_it_should(tmp_path: Path) -> None:
    root = ("--folder", "root")
    assert "nobody can be asked" in await refused(tmp_path, "ca", "init", *root, NOTHING="")
    assert "10 characters" in await refused(tmp_path, "ca", "init", *root, TAWASUL_CA__PASSWORD="short")
    assert "no places" in await refused(tmp_path, "ca", "init", "--region", "atlantis", *root)
    await did(tmp_path, "ca", "init", *root)
    before = (tmp_path / "root" / "root.pem").read_bytes()
    assert "is not overwritten" in await refused(tmp_path, "ca", "init", *root)
    assert (tmp_path / "root" / "root.pem").read_bytes() == before
    await did(tmp_path, "ca", "issuer", *root, "--make", "issuer")
    issuer = ("ca", "issuer", *root, "--request", "issuer/issuer.request")
    assert "nothing was signed" in await refused(tmp_path, *issuer, types="n\n")
    assert "does not open" in await refused(tmp_path, *issuer, TAWASUL_CA__PASSWORD="another password")
    assert "is of main, and not of ahmad" in await refused(
        tmp_path, "ca", "steward", "ahmad", *root, "--request", "issuer/issuer.request"
    )
    assert "not for" in await refused(tmp_path, "ca", "steward", "main", *root, "--request", "issuer/issuer.request")
    (tmp_path / "root" / "root.pem").chmod(0o644)
    assert "chmod 600" in await refused(tmp_path, *issuer)


async def test_the_issuer_says_what_is_wrong_with_its_folder(tmp_path: Path) -> None:
    async with an_issuer(folder=tmp_path / "trust") as running:
        folder, password = running.trust.issuer_folder, str(running.trust.password_file)
        serve = ("issuer", "serve", "--folder", str(folder), "--password-file", password)
        assert "another process" in await refused(tmp_path, *serve, "--port", "0")
        (tmp_path / "empty").mkdir()
        assert "cannot be read" in await refused(tmp_path, "issuer", "serve", "--folder", "empty")
    port = running.address.rpartition(":")[2]
    async with an_issuer() as other:
        taken = other.address.rpartition(":")[2]
        assert taken in await refused(tmp_path, *serve, "--port", taken), port
    certificate = folder / "issuer.certificate"
    stewards = (tmp_path / "trust" / "trial-1" / "steward.certificate").read_text()
    certificate.write_text(stewards)
    assert "Let the root sign it anew" in await refused(tmp_path, *serve)


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[RunningIssuer]:
    async with an_issuer(folder=tmp_path / "trust") as issuer:
        yield issuer


async def test_a_steward_signs_only_what_fits_and_only_on_a_yes(running: RunningIssuer, tmp_path: Path) -> None:
    key = SigningKey.generate()
    await running.client.request(make_request(key, BADR, now=int(time.time())))
    code, other = code_of(key.thumbprint), code_of(SigningKey.generate().thumbprint)
    own = ("--server", running.address, "--folder", "trust/trial-1", "--password-file", "trust/keys.txt")
    assert "nothing was signed" in await refused(tmp_path, "trust", "approve", code, *own, types="n\n")
    assert "no waiting device" in await refused(tmp_path, "trust", "approve", other, *own)
    office = DeviceName.parse("urn:tawasul:madinah:office:emirate")
    assert "no waiting device" in await refused(tmp_path, "trust", "approve", qr_text(office, key.thumbprint), *own)
    assert "expected here" in await refused(tmp_path, "trust", "approve", "ABCD", *own)
    assert "nothing was signed" in await refused(
        tmp_path, "trust", "revoke", "--reason", "x", *own, "--", key.thumbprint, types="n\n"
    )
    assert (await running.client.waiting())[0].approvals == 0
    assert "no answer" in await refused(tmp_path, "trust", "waiting", "--server", "http://127.0.0.1:1")
    assert "not an address" in await refused(tmp_path, "trust", "waiting", "--server", "majlis")
