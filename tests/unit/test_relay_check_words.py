"""What `tawasul relay check` says: of everything that can go wrong, in both languages; and the exit status."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from media_relay.check import Certificate, Outcome, Step, Trouble
from media_relay.core.effects import Transport
from media_relay.stun.address import TransportAddress
from tawasul.doctor.finding import State
from tawasul.relay_check import ALL, NONE, SOME, finding_of, status_of

NOW = datetime(2026, 11, 22, tzinfo=UTC)
RELAY = TransportAddress("203.0.113.1", 3478)
SEEN = TransportAddress("198.51.100.7", 4000)


def reached(transport: Transport = Transport.UDP, **changed: object) -> Outcome:
    return Outcome(transport, RELAY, Step.REACH, **{"seen_as": SEEN, "round_trip": 0.0123, **changed})


def failed(transport: Transport = Transport.UDP, step: Step = Step.REACH, trouble: Trouble = Trouble.SILENT) -> Outcome:
    return Outcome(transport, RELAY, step, trouble, "something {odd}")


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("trouble", Trouble)
def test_each_trouble_has_its_fault_and_what_to_do_in_both_languages(trouble: Trouble, step: Step) -> None:
    finding = finding_of(failed(step=step, trouble=trouble), "relay.example")

    assert finding.state is State.WRONG
    assert finding.name == f"udp-{step}"
    assert finding.mend is not None
    for english, arabic in (finding.sentence, finding.mend.words):
        assert not {"{transport}", "{host}", "{port}", "{detail}"} & set(english.split()), "everything is filled in"
        assert english.endswith(".")
        assert any("\u0600" <= letter <= "\u06ff" for letter in arabic)
        assert not any("\u0600" <= letter <= "\u06ff" for letter in english)
    assert "relay.example (203.0.113.1) 3478" in finding.sentence.english
    assert "relay.example (203.0.113.1) 3478" in finding.sentence.arabic


def test_what_passes_tells_as_whom_we_are_seen_and_how_long_it_takes() -> None:
    assert finding_of(reached(translated=True), RELAY.host).sentence.english == (
        "UDP gets through to 203.0.113.1 3478, 12.3 ms. It sees us as 198.51.100.7:4000, behind a NAT."
    )
    direct = reached(seen_as=TransportAddress("2001:db8::7", 4000))
    assert "[2001:db8::7]:4000, with no NAT between" in finding_of(direct, "relay.example").sentence.english


@pytest.mark.parametrize(("left", "state"), [(13, State.WARNING), (15, State.OK)])
def test_a_certificate_that_is_about_to_end_is_told(left: int, state: State) -> None:
    certificate = Certificate(("relay.example",), "The Region", NOW + timedelta(days=left))
    finding = finding_of(reached(Transport.TLS, certificate=certificate), "relay.example", NOW)

    assert finding.state is state
    assert (
        f"of relay.example, by The Region, valid until {NOW + timedelta(days=left):%Y-%m-%d}"
        in finding.sentence.english
    )


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        ([reached()], ALL),
        ([reached(), reached(Transport.TCP)], ALL),
        ([reached(), failed(Transport.TCP)], SOME),
        # Who is answered and cannot be carried has nothing of it.
        ([reached(), failed(step=Step.CARRY, trouble=Trouble.LOST)], NONE),
        ([reached(), failed(step=Step.CARRY, trouble=Trouble.LOST), reached(Transport.TCP)], SOME),
        ([failed(), failed(Transport.TLS)], NONE),
    ],
)
def test_the_exit_status_counts_transports(outcomes: list[Outcome], status: int) -> None:
    assert status_of(outcomes) == status
