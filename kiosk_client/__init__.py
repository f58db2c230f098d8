"""The native kiosk: a citizen's end of a call, on aiortc, which composes itself (`kiosk_client.run`).

It is a client: it knows the ground (`tawasul.domain`, `tawasul.protocol`) and nothing of the server.
"""
