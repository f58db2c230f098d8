"""All rows of the probe, in the order in which they are run."""

from __future__ import annotations

from support import (
    probe_allocations,
    probe_credentials,
    probe_crowds,
    probe_datagrams,
    probe_peers,
    probe_streams,
)
from support.probe_rows import Row

_MODULES = (probe_peers, probe_credentials, probe_allocations, probe_datagrams, probe_crowds, probe_streams)
ROWS: tuple[Row, ...] = tuple(row for module in _MODULES for row in module.SUBJECT.rows)
