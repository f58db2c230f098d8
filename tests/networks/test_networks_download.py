"""A call beside a download on one line: the voice stays, the picture gives way, and comes back."""

from __future__ import annotations

import json

import pytest
from support.impairment import Wire
from support.network_bed import network_bed
from support.network_download import HEIGHT, KINDS, LATE, NEARLY, Beside
from support.network_kinds import Kind

LINE = Wire(rate=2_000_000, delay=0.040, patience=0.3)
"""Of a centre: 2 Mbit/s, 80 ms there and back, and a queue that drops what would wait for 300 ms."""


@pytest.mark.realtime
@pytest.mark.timeout(400)
def test_beside_a_download_by_the_kernel_s_tcp_a_call_keeps_its_voice_and_gets_its_picture_back() -> None:
    with network_bed() as bed:
        site = bed.site("centre", Kind.OPEN, wire=LINE)
        told = Beside(**json.loads(bed.program("support.network_download", str(site.host.pid), patience=360)))
        assert site.wire is not None
        site.wire.end()
    assert told.tcp in KINDS
    # The two really met: the download got a good part of the line, and the line's queue was full at times.
    assert told.downloaded > 500_000
    assert site.wire.counts["outward"]["dropped"] > 0
    # What a busy machine holds up is made up as well: seen were 0 and 0.5 % of it.
    assert told.silent < 0.02
    assert told.made_up < 0.08
    assert told.lowest < 0.8 * told.before, "the picture gave way"
    assert told.height == HEIGHT
    assert told.height_after >= NEARLY, "and came back"
    assert told.after >= 0.5 * told.before
    assert told.back_after < LATE
