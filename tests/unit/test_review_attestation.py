"""Review: a statement names each attempt once: of two transcripts of one, each reader would take the one it likes."""

import pytest
from support.e2ee_world import OFFICE

from tawasul.e2ee.attestation import Frames, Handshake, Parties, Party, Statement, make, read_statement
from tawasul.e2ee.errors import AttestationMalformed


def signed(*attempts: int) -> str:
    return make(
        OFFICE.key,
        Statement(
            call="call-1",
            role="office",
            parties=Parties(citizen=Party(jkt="k" * 43), office=Party(jkt=OFFICE.key.thumbprint, urn=str(OFFICE.name))),
            handshakes=[
                Handshake(attempt=attempt, th="A" * 42 + last, begins=1, ends=2, epochs=[[0, 1]])
                for attempt, last in zip(attempts, "AEIM", strict=False)
            ],
            phrase="same",
            frames=Frames(sealed=1, opened=1, refused=0),
            chain=list(OFFICE.chain),
        ),
    )


def test_an_attempt_that_is_named_twice_makes_it_malformed() -> None:
    assert len(read_statement(signed(1, 2))[1].handshakes) == 2
    with pytest.raises(AttestationMalformed):
        read_statement(signed(1, 2, 1))
