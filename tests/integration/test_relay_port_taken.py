"""A port that somebody else has is named as what it is."""

from __future__ import annotations

import socket

import pytest
from support.relay_process import relay_config
from support.relay_stream import identity

from media_relay.child import adopt_or_start
from media_relay.errors import RelayPortTaken


@pytest.mark.parametrize("kind", ["port", "tls_port"])
async def test_a_port_that_is_taken_for_streams_alone_is_said_by_its_name(tmp_path, kind):
    """As by a server of pages on 443."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        settings = {"addresses": ("127.0.0.1",), **identity(tmp_path).settings, kind: port}
        with pytest.raises(RelayPortTaken, match=f"^TCP port {port} on 127.0.0.1 is taken by another program"):
            await adopt_or_start(relay_config(**settings), tmp_path)
