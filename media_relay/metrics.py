"""What a monitoring system is told of a relay, in Prometheus' format: numbers, and never a user.

It is made from the statistics files that the relay's processes write every few seconds, by somebody who is not on the
hot path, when it is asked for. Nothing is kept between two questions, so nothing can grow: coturn's did, since it kept
each user name that there ever was (coturn #666, #861).
"""

from __future__ import annotations

import contextlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from media_relay.core.effects import Cause, Transport
from media_relay.errors import RelayError

Statistics = dict[str, Any]
"""What one process wrote, see ``UdpRelay.statistics``."""

NAMED = 20
"""Source prefixes that are named by their 401s, the most frequent; others count in the total alone."""

STALE = 30.0
"""Seconds after which what a process wrote is no sign that it still lives; it writes every five."""


class MetricsPortTaken(RelayError):
    """Another program listens where the metrics should be served."""

    code = "metrics-port-taken"

    def __init__(self, port: int, reason: str) -> None:
        super().__init__(f"metrics cannot be served on 127.0.0.1 port {port}: {reason}")
        self.port = port


@contextlib.contextmanager
def served(port: int | None, directory: Path, version: str) -> Iterator[int | None]:
    """Serves those of the relay of ``directory`` on loopback, at ``/metrics``, by a thread of its own; gives the port,
    which for 0 the system chooses. With None for a port it serves nothing. Raises MetricsPortTaken.
    """
    if port is None:
        yield None
        return
    registry = CollectorRegistry(auto_describe=False)
    registry.register(RelayCollector(lambda: written_in(directory), version))
    try:
        server, thread = start_http_server(port, addr="127.0.0.1", registry=registry)
    except OSError as error:
        raise MetricsPortTaken(port, error.strerror or "unknown") from None
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def written_in(directory: Path) -> dict[str, Statistics]:
    """What the processes of the relay of ``directory`` wrote last, by worker: "1" where there is but one."""
    found: dict[str, Statistics] = {}
    files = {"1": directory / "relay-stats.json"}
    files |= {path.parent.name.removeprefix("worker-"): path for path in directory.glob("worker-*/relay-stats.json")}
    for worker, path in sorted(files.items()):
        with contextlib.suppress(OSError, ValueError):
            content = json.loads(path.read_bytes())
            if isinstance(content, dict):
                found[worker] = content
    return found


class RelayCollector(Collector):
    """Makes the metrics of one relay from what its processes wrote, whenever it is asked.

    Each process has series of its own: a sum would fall when one of them begins anew, and look like everybody's
    beginning.
    """

    def __init__(self, statistics: Callable[[], dict[str, Statistics]], version: str) -> None:
        self._statistics = statistics
        self._version = version

    def collect(self) -> Iterator[Metric]:
        """prometheus_client's hook."""
        written = self._statistics()
        now = time.time()
        alive = {worker: each for worker, each in written.items() if now - each.get("written_at", 0) < STALE}
        yield InfoMetricFamily("tawasul_relay_build", "Version of the program.", {"version": self._version})
        yield GaugeMetricFamily("tawasul_relay_workers", "Processes that have lately written.", float(len(alive)))
        for name, (path, label, text) in _GAUGES.items():
            gauge = GaugeMetricFamily(f"tawasul_relay_{name}", text, labels=["worker", *label])
            yield _filled(gauge, alive, path, single=not label)
        for name, (path, label, text) in _COUNTERS.items():
            counter = CounterMetricFamily(f"tawasul_relay_{name}", text, labels=["worker", *label])
            yield _filled(counter, alive, path, single=not label)


_Rows = dict[str, tuple[str, tuple[str, ...], str]]

_GAUGES: _Rows = {
    "allocations": ("allocations", (), "Allocations that there are."),
    "streams": ("streams.standing", ("transport",), "TCP and TLS connections that stand."),
    "draining": ("draining", (), "1 while no new allocation is made."),
    "start_time_seconds": ("started_at", (), "When the process began, Unix time."),
    "written_time_seconds": ("written_at", (), "When it last wrote these numbers, Unix time."),
}
"""By name: where the number stands in the statistics, the label of what is counted there one by one, and the text."""

_COUNTERS: _Rows = {
    "allocations_made": ("made", (), "Allocations that were made."),
    "allocations_ended": ("ended", ("cause",), "Allocations that have ended, by cause."),
    "streams_ended": ("streams.ended", ("cause",), "TCP and TLS connections that have ended, by cause."),
    "stream_frames_dropped": ("streams.dropped", ("cause",), "Frames not written to a connection, by cause."),
    "requests": (
        "requests",
        ("result",),
        "Messages, by what came of them: answered, refused by code, dropped by cause.",
    ),
    "packets_dropped": ("dropped", ("cause",), "Packets that were not passed on, by cause."),
    "packets_to_peers": ("to_peers.packets", (), "Packets carried from clients to their peers."),
    "bytes_to_peers": ("to_peers.bytes", (), "Bytes of payload carried from clients to their peers."),
    "packets_to_clients": ("to_clients.packets", (), "Packets carried from peers to clients."),
    "bytes_to_clients": ("to_clients.bytes", (), "Bytes of payload carried from peers to clients."),
    "receive_overflows": ("overflowed", (), "Packets that the kernel threw away since our receive buffers were full."),
    "unauthorized_by_prefix": (
        "unauthorized",
        ("prefix",),
        "401s by source network (an IPv4 /24, an IPv6 /48), of the networks that cause the most.",
    ),
}
"""The causes are of our own choosing, so that their number is the program's. Only networks come from outside: of them a
process names 64 at most, and here are ``NAMED``."""


_KNOWN = {
    "streams.standing": (Transport.TCP.value, Transport.TLS.value),
    "ended": get_args(Cause),
}
"""What is told as 0 before it has happened: a series that comes from nowhere has no first step."""


def _filled(
    family: GaugeMetricFamily | CounterMetricFamily, alive: dict[str, Statistics], path: str, *, single: bool
) -> Metric:
    for worker, statistics in alive.items():
        value: Any = statistics
        for part in path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if single:
            family.add_metric([worker], float(value or 0))
            continue
        counted = Counter(dict.fromkeys(_KNOWN.get(path, ()), 0))
        counted.update(value or {})
        for label, count in counted.most_common(NAMED if path == "unauthorized" else None):
            family.add_metric([worker, label], float(count))
    return family
