"""The attestation of a call: what each end signs about who held its keys and when, and its check without any network.

The file is ``{"v":1,"citizen":jws|null,"office":jws|null}``. It shows nothing of what was said. Without an anchor the
names in it are only what the ends said of themselves: `Verified.anchored` tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tawasul.e2ee.anchor import Anchor
from tawasul.e2ee.certificate import Certificate, check_holder, check_time, signatures_of
from tawasul.e2ee.encoding import LARGEST_COUNT, is_version_one, json_bytes, json_object
from tawasul.e2ee.errors import AttestationDisagrees, AttestationMalformed, CertificateMissing
from tawasul.e2ee.jws import LONGEST, read, sign
from tawasul.e2ee.keys import PublicKey, SigningKey
from tawasul.e2ee.names import DeviceRole
from tawasul.e2ee.session import Session, Side

TYPE = "tawasul-attestation+jwt"
LARGEST_FILE = 2 * LONGEST + 256
"""Characters of a file: two signed texts and what is around them."""

Count = Annotated[int, Field(ge=0, le=LARGEST_COUNT)]
Thumbprint = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, hide_input_in_errors=True, populate_by_name=True
    )


class Party(_Strict):
    """One of the two ends: its signing key's thumbprint, and its name unless it was a citizen's own device."""

    jkt: Thumbprint
    urn: Annotated[str, Field(min_length=1, max_length=256)] | None = None


class Parties(_Strict):
    """Who held keys."""

    citizen: Party
    office: Party


class Handshake(_Strict):
    """One attempt whose keys were confirmed: TH in b64, from when to when, and each epoch with its beginning.

    Times are seconds since 1970 UTC; `epochs` are pairs of number and time.
    """

    attempt: Count
    th: Thumbprint
    begins: Count = Field(alias="from")
    ends: Count = Field(alias="to")
    epochs: list[Annotated[list[Count], Field(min_length=2, max_length=2)]]


class Frames(_Strict):
    """How many frames this end sealed, opened and refused, of both kinds."""

    sealed: Count
    opened: Count
    refused: Count


class Statement(_Strict):
    """What one end signs. `recorder` can only be false: there is none."""

    v: Literal[1] = 1
    call: Annotated[str, Field(min_length=1, max_length=128)]
    role: Literal["citizen", "office"]
    parties: Parties
    handshakes: Annotated[list[Handshake], Field(min_length=1, max_length=1000)]
    phrase: Literal["same", "not-compared"]
    frames: Frames
    recorder: Literal[False] = False
    chain: list[str] | None = None

    @property
    def side(self) -> Side:
        """The end that signs."""
        return Side(self.role)

    @property
    def own(self) -> Party:
        """The party that signs."""
        return self.parties.citizen if self.side is Side.CITIZEN else self.parties.office

    def claims(self) -> dict[str, Any]:
        """As it is signed."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


@dataclass(frozen=True, slots=True)
class Verified:
    """What a file shows. A side is None when its end signed nothing; `anchored`: the names were proven."""

    citizen: Statement | None
    office: Statement | None
    anchored: bool
    certificates: dict[Side, Certificate]
    """Of the ends that signed and have one; empty without an anchor."""

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Those that are there, the citizen's first."""
        return tuple(each for each in (self.citizen, self.office) if each is not None)


def make(key: SigningKey, statement: Statement) -> str:
    """Sign a statement with the key that signed this end's part of the handshakes."""
    return sign(key, TYPE, statement.claims())


def read_statement(text: str) -> tuple[PublicKey, Statement]:
    """Who signed a statement, and it. Raises AttestationMalformed, SignatureWrong, AttestationDisagrees.

    The key is the one that the statement gives to the end that signs; whose it is, it does not prove.
    """
    signer, claims = read(text, TYPE, malformed=AttestationMalformed)
    try:
        statement = Statement.model_validate(claims)
    except ValidationError as error:
        raise AttestationMalformed from error
    # A null that should be absent; and what is equal to Python and not the same in JSON: true and 1, false and 0.
    if statement.claims() != claims or not is_version_one(claims["v"]) or claims["recorder"] is not False:
        raise AttestationMalformed
    if len({handshake.attempt for handshake in statement.handshakes}) != len(statement.handshakes):
        raise AttestationMalformed  # of two transcripts of one attempt each reader would take the one it likes
    if signer.thumbprint != statement.own.jkt:
        raise AttestationDisagrees
    return signer, statement


def write_file(citizen: str | None, office: str | None) -> bytes:
    """The file of one call."""
    return json_bytes({"v": 1, "citizen": citizen, "office": office})


def verify_file(text: bytes | str, anchor: Anchor | None = None) -> Verified:
    """What a file shows, when all in it holds.

    Raises AttestationMalformed; SignatureWrong; AttestationDisagrees when a statement is not by the key it names, or
    the two contradict each other on the call, the parties or a transcript; CertificateMissing and the problems of a
    chain (at the time of the call), when there is an anchor to check it by.
    """
    signed = _signed(text)
    statements: dict[Side, Statement] = {}
    certificates: dict[Side, Certificate] = {}
    for side, jws in signed.items():
        signer, statement = read_statement(jws)
        if statement.side is not side:
            raise AttestationDisagrees
        statements[side] = statement
        certificate = _certificate(statement, signer, anchor)
        if certificate is not None:
            certificates[side] = certificate
    if len(statements) == len(Side):
        _compare(statements[Side.CITIZEN], statements[Side.OFFICE])
    return Verified(
        citizen=statements.get(Side.CITIZEN),
        office=statements.get(Side.OFFICE),
        anchored=anchor is not None,
        certificates=certificates,
    )


def _signed(text: bytes | str) -> dict[Side, str]:
    if len(text) > LARGEST_FILE:
        raise AttestationMalformed
    try:
        file = json_object(text)
    except ValueError as error:
        raise AttestationMalformed from error
    if set(file) != {"v", "citizen", "office"} or not is_version_one(file["v"]):
        raise AttestationMalformed
    signed = {side: file[side] for side in Side if file[side] is not None}
    if not signed or not all(isinstance(jws, str) for jws in signed.values()):
        raise AttestationMalformed
    return signed


def _certificate(statement: Statement, signer: PublicKey, anchor: Anchor | None) -> Certificate | None:
    """The signer's certificate as it stood when the call began; None for a citizen's own device or without anchor."""
    if statement.own.urn is None:
        if statement.side is Side.OFFICE or statement.chain is not None:
            raise AttestationDisagrees
        return None
    if statement.chain is None:
        raise CertificateMissing
    if anchor is None:
        return None
    certificates = signatures_of(statement.chain, anchor)
    began = min(handshake.begins for handshake in statement.handshakes)
    for each in certificates:
        check_time(each, began)
    holder = certificates[0]
    role = DeviceRole.OFFICE if statement.side is Side.OFFICE else DeviceRole.KIOSK
    check_holder(holder, frozenset({role}), None)
    if holder.key != signer or str(holder.name) != statement.own.urn:
        raise AttestationDisagrees
    return holder


def _compare(citizen: Statement, office: Statement) -> None:
    """Both saw the same call. Times are each end's own clock; an attempt may have been confirmed at one end only."""
    ours = {handshake.attempt: handshake.th for handshake in citizen.handshakes}
    theirs = {handshake.attempt: handshake.th for handshake in office.handshakes}
    common = ours.keys() & theirs.keys()
    if (
        citizen.call != office.call
        or citizen.parties != office.parties
        or not common
        or any(ours[attempt] != theirs[attempt] for attempt in common)
    ):
        raise AttestationDisagrees


def parties_of(session: Session) -> Parties:
    """The two ends of a session."""
    peer_name = session.peer.certificate.name if session.peer.certificate else None
    own = Party(jkt=session.thumbprint, urn=str(session.name) if session.name else None)
    peer = Party(jkt=session.peer.thumbprint, urn=str(peer_name) if peer_name else None)
    if session.side is Side.CITIZEN:
        return Parties(citizen=own, office=peer)
    return Parties(citizen=peer, office=own)
