"""A call between two relays of a fleet: each end reaches only its own, and the relays speak with each other."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from support.namespaces import namespaces

HERE, THERE = "10.20.30.40", "10.20.30.41"


def test_two_relays_carry_one_call_where_each_is_enrolled_with_the_other(tmp_path: Path) -> None:
    for word in ("enrolled", "strangers"):
        (tmp_path / word).mkdir()
    with namespaces() as namespace:
        here, there = namespace("here"), namespace("there")
        here.run("ip", "link", "add", "lan", "type", "veth", "peer", "name", "lan", "netns", str(there.pid))
        for machine, address in ((here, HERE), (there, THERE)):
            machine.run("ip", "address", "add", f"{address}/24", "dev", "lan")
            machine.run("ip", "link", "set", "lan", "up")
        program = ("env", f"PYTHONPATH={Path(__file__).parents[1]}", sys.executable, "-m", "support.relay_two")
        said = here.run(*program, str(tmp_path), HERE, THERE, str(there.pid), patience=120)

    assert json.loads(said.splitlines()[-1]) == {"enrolled": True, "strangers": False}
