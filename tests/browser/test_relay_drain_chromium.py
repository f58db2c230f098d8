"""Chromium and a fleet of two: who asks a relay that drains is sent to the other one, and speaks by it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from support.namespaces import namespaces

HOST = "10.20.30.40"
"""In a network of its own: Chromium lets no relay send it to loopback."""


def test_both_ends_are_sent_from_a_relay_that_drains_to_the_other(tmp_path: Path) -> None:
    with namespaces() as namespace:
        here = namespace("fleet")
        here.run("ip", "link", "add", "lan", "type", "veth", "peer", "name", "far")
        here.run("ip", "address", "add", f"{HOST}/24", "dev", "lan")
        for end in ("lan", "far"):
            here.run("ip", "link", "set", end, "up")
        support = Path(__file__).parents[1]
        said = here.run(
            "env", f"PYTHONPATH={support}", sys.executable, "-m", "support.relay_redirect", str(tmp_path), HOST,
            patience=120,
        )  # fmt: skip
    seen = json.loads(said.splitlines()[-1])

    assert seen["answers"] == ["hello heard", "still there? heard"]
    assert {each["by"] for each in seen["used"]} == {"udp"}
    assert seen["counted"]["to_peers"]["packets"] > 10
    assert seen["goes_on"], "a relay that drains keeps the calls that run"
