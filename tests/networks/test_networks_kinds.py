"""Each kind of network is what it is called: by our own sockets, and by two independent clients of a third's server."""

from __future__ import annotations

import asyncio
import json
import os
import stat
from pathlib import Path

import pytest
from support.namespaces import NamespacesRefused, namespaces
from support.network_bed import INTERNET, INTERNET_IPV6, INTERNET_TOO, network_bed
from support.network_judges import Verdict, judged, stun_server
from support.network_kinds import BEHAVIOUR, NATS, Kind, meet_without_relay

TCP = {Kind.ONLY_TCP_443: [443]}

CLASSIC = {
    Kind.OPEN: "Open",
    Kind.FULL_CONE: "Independent Mapping, Independent Filter, preserves ports, no hairpin",
    Kind.ADDRESS_DEPENDENT: "Independent Mapping, Address Dependent Filter, preserves ports, no hairpin",
    Kind.PORT_RESTRICTED: "Independent Mapping, Port Dependent Filter, preserves ports, no hairpin",
    Kind.SYMMETRIC: "Dependent Mapping, random port, no hairpin",
    Kind.DOUBLE_NAT: "Independent Mapping, Port Dependent Filter, preserves ports, no hairpin",
    Kind.UDP_BLOCKED: "Blocked or could not reach STUN server",
    Kind.ONLY_TCP_443: "Blocked or could not reach STUN server",
}
"""The words of Debian's ``stun`` for each."""


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.value)
def test_what_our_own_sockets_find(kind: Kind) -> None:
    with network_bed() as bed:
        site = bed.site("host", kind)
        asked = (INTERNET_IPV6,) if kind is Kind.ONLY_IPV6 else (INTERNET, INTERNET_TOO)
        found = json.loads(bed.program("support.network_behaviour", str(site.host.pid), *asked, patience=60))
    assert (found["mapping"], found["filtering"]) == (BEHAVIOUR[kind].mapping, BEHAVIOUR[kind].filtering)
    assert set(found["seen"]) == ({site.outer} if found["mapping"] else set())
    assert found["kept_port"] == (found["mapping"] is not None and kind is not Kind.SYMMETRIC)
    assert found["tcp"] == TCP.get(kind, [80, 443, 3478])


def test_where_there_is_only_ipv6_there_is_no_ipv4() -> None:
    with network_bed() as bed:
        site = bed.site("host", Kind.ONLY_IPV6)
        found = json.loads(bed.program("support.network_behaviour", str(site.host.pid), INTERNET, patience=60))
    assert (found["mapping"], found["tcp"]) == (None, [])


async def test_what_independent_clients_find(tmp_path: Path) -> None:
    with network_bed() as bed:
        sites = {kind: bed.site(f"host-{kind.name.lower()}", kind) for kind in CLASSIC}
        async with stun_server(bed, tmp_path):
            said = dict(zip(sites, await asyncio.gather(*map(judged, sites.values())), strict=True))
    meant = {kind: Verdict(BEHAVIOUR[kind].mapping, BEHAVIOUR[kind].filtering, CLASSIC[kind]) for kind in CLASSIC}
    assert said == meant


def test_who_can_meet_without_a_relay() -> None:
    alone = {frozenset({one, other}) for one in NATS for other in NATS if not meet_without_relay(one, other)}
    assert alone == {
        frozenset({Kind.SYMMETRIC}),
        frozenset({Kind.SYMMETRIC, Kind.PORT_RESTRICTED}),
        frozenset({Kind.SYMMETRIC, Kind.DOUBLE_NAT}),
    }
    assert all(meet_without_relay(one, other) == meet_without_relay(other, one) for one in Kind for other in Kind)
    assert not meet_without_relay(Kind.UDP_BLOCKED, Kind.FULL_CONE)


def test_a_machine_that_refuses_namespaces_is_told_of_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuses = tmp_path / "unshare"
    refuses.write_text("#!/bin/sh\necho 'unshare: unshare failed: Operation not permitted' >&2\nexit 1\n")
    refuses.chmod(refuses.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(NamespacesRefused, match=r"Operation not permitted.*--cap-add SYS_ADMIN"), namespaces():
        pass
