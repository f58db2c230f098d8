"""The embedded STUN and TURN relay: every governorate's network gets through, and it is nobody's open door.

``stun`` is the wire, ``core`` decides (pure: no socket, no clock), ``data_plane`` copies packets, ``udp`` is the shell
that ties them together in a process of its own, and ``child`` starts that process and adopts it after a restart.
"""
