"""The private names of aiortc and aioice that the kiosk relies on, all of them, in one place (ADR 0010).

aiortc has no public place for media of one's own, nor a name for the pair of candidates and the certificate in use.
What stands here is put in place on the objects of one connection, never globally: a connection that was forgotten would
send in clear. `require_known_names` is called before a connection is made; a canary test runs it, and a real call, in
CI.

`receiving.Receiver` and `sending.Sender` take the places of aiortc's receiver and sender in one transceiver, by
`placing`, and `wire.Wire` is what all of one connection share. They are the ground for media of our own
(`kiosk_client/media`), which names nothing private. `checks` and `handshake` let a connection begin quickly (ADR 0043),
and `channel_repeats` keeps its data channel from standing still.
"""

from kiosk_client.aiortc_private.channel_repeats import repeat_soon
from kiosk_client.aiortc_private.known_names import WRITTEN_FOR, require_known_names
from kiosk_client.aiortc_private.negotiating import Formats, agree_formats, offer_formats, redundant_of
from kiosk_client.aiortc_private.path import certificate_in_use, selected_pair, use_relay
from kiosk_client.aiortc_private.placing import place_receiver, place_sender
from kiosk_client.aiortc_private.receiving import Received, Receiver
from kiosk_client.aiortc_private.sending import Report, Sender
from kiosk_client.aiortc_private.wire import TRANSPORT_WIDE, Wire

__all__ = [
    "TRANSPORT_WIDE",
    "WRITTEN_FOR",
    "Formats",
    "Received",
    "Receiver",
    "Report",
    "Sender",
    "Wire",
    "agree_formats",
    "certificate_in_use",
    "offer_formats",
    "place_receiver",
    "place_sender",
    "redundant_of",
    "repeat_soon",
    "require_known_names",
    "selected_pair",
    "use_relay",
]
