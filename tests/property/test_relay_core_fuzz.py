"""A hundred thousand packets, half of them for the whole core and half for the parser; `make fuzz` sends a million.

They begin with the messages in tests/vectors/relay-corpus, and are the same in every run. What the fuzzer holds after
each packet stands in ``support.fuzz_core``; here also that it really gets behind the door, or it would hold nothing.
"""

from __future__ import annotations

import pytest
from support.fuzz_core import CoreFuzz
from support.fuzz_messages import corpus

from media_relay.stun.message import parse

HALF = 50_000
SHARES = 2
REACHED = {"success", "400", "401", "403", "420", "437", "438", "441", "442", "443", "508"}
"""Answers that no run may lack: all but 300, for nothing drains here, and the two that take some luck."""


@pytest.mark.parametrize("seed", range(SHARES))
def test_the_whole_core_holds(seed: int) -> None:
    tally = CoreFuzz(seed).run(HALF // SHARES)
    assert tally.packets >= HALF // SHARES
    assert tally.answered.keys() >= REACHED
    assert tally.answered["success"] > 500
    assert tally.allocations > 50
    assert tally.sent > 20


def test_the_parser_raises_nothing_but_its_own_errors() -> None:
    assert CoreFuzz(1).run_parser(HALF).packets >= HALF


def test_the_corpus_is_of_messages() -> None:
    kept = corpus()
    assert len(kept) >= 30
    assert all(parse(datagram) for datagram in kept)
