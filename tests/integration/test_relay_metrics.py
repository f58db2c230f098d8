"""What a monitoring system reads of a relay: the numbers of what really happened, no names, and never more of them."""

from __future__ import annotations

import contextlib
import re
import socket
import time
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from support.house import ROOT
from support.relay_client import SocketClient, credentials, error, send_indication
from support.relay_process import address_of, running_relay, socket_client
from support.relay_stream import stream_client

from media_relay.child import RelayProcess
from media_relay.directory import write_json
from media_relay.metrics import NAMED, STALE, MetricsPortTaken, served

HOST = "127.0.0.1"
BARE_ALLOCATE = bytes.fromhex("0003 0008 2112a442 000102030405060708090a0b 0019 0004 11000000")
"""Answered by 401, with a nonce."""

Samples = dict[tuple[str, str], float]
"""By name, without what all of them begin with, and by the label beside that of the worker."""


def samples(text: str, worker: str = "1") -> Samples:
    found: Samples = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.labels.get("worker", worker) == worker:
                labels = [value for label, value in sample.labels.items() if label != "worker"]
                assert len(labels) <= 1
                found[sample.name.removeprefix("tawasul_relay_"), "".join(labels)] = sample.value
    return found


def read(directory: Path, worker: str = "1") -> Samples:
    """What is told of the relay of ``directory``."""
    with served(0, directory, "1.2.3") as port:
        answer = httpx.get(f"http://{HOST}:{port}/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    return samples(answer.text, worker)


async def ended(relay: RelayProcess) -> Samples:
    """Ends the relay, which writes what it has counted."""
    await relay.stop()
    return read(relay.directory.path)


async def test_the_numbers_are_those_of_what_happened(tmp_path):
    async with running_relay(tmp_path) as relay:
        with socket_client(relay, "kiosk") as kiosk, socket_client(relay, "office") as office:
            ours, theirs = kiosk.relayed(), office.relayed()
            kiosk.permit(theirs)
            office.permit(ours)
            for size in (100, 50):
                kiosk.socket.send(send_indication(theirs, bytes(size)))
                office.receive()
            kiosk.refresh(0)
        with stream_client(relay) as by_tcp:
            by_tcp.relayed()
        wrong = SocketClient(
            address_of(relay, HOST), credentials(expires_at=time.time() + 60, secret="of somebody else")
        )
        assert error(wrong.allocate()) == 401
        wrong.close()
        told = await ended(relay)

    assert told["build_info", "1.2.3"] == 1
    assert told["workers", ""] == 1
    assert told["draining", ""] == 1, "it was ended"
    assert told["allocations_made_total", ""] == 3
    assert told["allocations_ended_total", "released"] == 1
    assert told["allocations_ended_total", "expired"] == 0
    assert told["packets_to_peers_total", ""] == told["packets_to_clients_total", ""] == 2
    assert told["bytes_to_peers_total", ""] == told["bytes_to_clients_total", ""] == 150
    # What is not answered within a second is asked again, and counted again.
    assert told["requests_total", "refused.401"] >= 5, "each of the four was asked who it is, and one was not believed"
    assert 1 <= told["requests_total", "refused.credentials"] <= told["requests_total", "refused.401"] - 4
    assert told["receive_overflows_total", ""] == 0
    assert told["streams", "tls"] == 0


async def test_ten_thousand_networks_add_no_more_than_twenty_series(tmp_path):
    generous = {"unauthenticated_answers": 1_000_000, "unauthenticated_datagrams": 1_000_000, "addresses": (HOST,)}
    async with running_relay(tmp_path, **generous) as relay:
        networks = [f"127.{1 + number // 250}.{number % 250}.9" for number in range(10_000)]
        for first in range(0, len(networks), 200):
            ask(relay, networks[first : first + 200])
        for _ in range(14):
            # Thirty of them come fifteen times, so that there are more frequent ones than are named.
            ask(relay, networks[-30:])
        told = await ended(relay)

    named = [label for name, label in told if name == "unauthorized_by_prefix_total"]
    assert len(named) == NAMED
    assert all(label.startswith("127.40.2") and label.endswith(".0/24") for label in named), "the frequent ones alone"
    assert told["requests_total", "refused.401"] == 9_970 + 30 * 15
    assert len(told) < 60


def ask(relay: RelayProcess, sources: list[str]) -> None:
    """A question from each, all at once; each is answered."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket(type=socket.SOCK_DGRAM)) for _ in sources]
        for sock, source in zip(sockets, sources, strict=True):
            sock.bind((source, 0))
            sock.connect(address_of(relay, HOST))
            sock.settimeout(30)
            sock.send(BARE_ALLOCATE)
        for sock in sockets:
            assert sock.recv(1000)[:2] == b"\x01\x13"


def test_a_worker_that_is_gone_has_no_numbers_and_each_has_its_own(tmp_path):
    now = time.time()
    write_json(tmp_path / "relay-stats.json", {"written_at": now, "made": 5, "ended": {"expired": 2}})
    for worker, written_at in ((2, now), (3, now - STALE - 1)):
        (tmp_path / f"worker-{worker}").mkdir()
        write_json(tmp_path / f"worker-{worker}" / "relay-stats.json", {"written_at": written_at, "made": worker})
    (tmp_path / "worker-4").mkdir()
    (tmp_path / "worker-4" / "relay-stats.json").write_text("half a fi")

    assert read(tmp_path)["workers", ""] == 2
    assert read(tmp_path)["allocations_made_total", ""] == 5
    assert read(tmp_path, "2")["allocations_made_total", ""] == 2
    for worker in ("3", "4"):
        assert ("allocations_made_total", "") not in read(tmp_path, worker)


def test_without_a_relay_it_is_told_that_there_is_none(tmp_path):
    told = read(tmp_path / "nothing")

    assert told == {("build_info", "1.2.3"): 1, ("workers", ""): 0}


def test_the_manual_has_a_row_of_each(tmp_path):
    write_json(tmp_path / "relay-stats.json", {"written_at": time.time()})
    with served(0, tmp_path, "1") as port:
        text = httpx.get(f"http://{HOST}:{port}/metrics").text
    told = set(re.findall(r"^# HELP tawasul_relay_(\w+)", text, re.MULTILINE))
    manual = (ROOT / "docs" / "operations.md").read_text().split("\n## Metrics\n")[1].split("\n## ")[0]
    rows = [row.split("|")[1] for row in manual.splitlines() if row.startswith("| `")]

    assert {name for row in rows[1:] for name in re.findall(r"`(\w+)`", row)} == told


def test_it_is_served_on_loopback_alone_and_only_where_it_is_wanted(tmp_path):
    with served(None, tmp_path, "1") as nowhere:
        assert nowhere is None
    with served(0, tmp_path, "1") as port:
        assert port is not None
        with pytest.raises(MetricsPortTaken), served(port, tmp_path, "1"):
            pass
        with socket.socket() as outside, pytest.raises(ConnectionRefusedError):
            outside.connect(("127.0.0.2", port))
    with socket.socket() as closed, pytest.raises(ConnectionRefusedError):
        closed.connect((HOST, port))
