"""What the kernel counts of one socket of ours, where the whole machine's counters would count everybody's."""

from __future__ import annotations

import socket
import struct

_SO_MEMINFO = 55
"""``asm-generic/socket.h``, Linux 4.12 and newer; the socket module has no name for it."""
_MEMINFO = struct.Struct("=9I")
"""``SK_MEMINFO_VARS`` of ``linux/sock_diag.h``; the last one, ``SK_MEMINFO_DROPS``, is the column ``drops`` of
``/proc/net/udp``."""


def receive_drops(sock: socket.socket) -> int:
    """Datagrams for ``sock`` that the kernel threw away before they could be read: its receive buffer was full (or,
    rarely, a checksum was wrong). It is RcvbufErrors of ``/proc/net/snmp``, of this socket alone. 0 where the kernel
    does not say."""
    try:
        answer = sock.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, _MEMINFO.size)
    except OSError:
        return 0
    return int(_MEMINFO.unpack(answer)[-1]) if len(answer) == _MEMINFO.size else 0
