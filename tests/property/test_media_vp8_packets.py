"""What is cut into packets is read again, by our own parser and by aiortc's."""

from aiortc.codecs.vpx import VpxPayloadDescriptor
from hypothesis import given
from hypothesis import strategies as st

from kiosk_client.media.core.vp8_packets import LARGEST, PICTURE_IDS, cut
from kiosk_client.media.core.vp8_payload import parse_payload


@given(st.binary(min_size=1, max_size=64), st.integers(1, 20_000), st.integers(0, PICTURE_IDS - 1))
def test_a_frame_is_whole_again(part: bytes, size: int, picture_id: int) -> None:
    frame = (part * (size // len(part) + 1))[:size]
    payloads = cut(frame, picture_id)
    parsed = [parse_payload(payload) for payload in payloads]
    assert b"".join(each.data for each in parsed) == frame
    assert [each.begins for each in parsed] == [True] + [False] * (len(payloads) - 1)
    assert {VpxPayloadDescriptor.parse(payload)[0].picture_id for payload in payloads} == {picture_id}
    sizes = {len(payload) for payload in payloads}
    assert max(sizes) <= LARGEST
    assert max(sizes) - min(sizes) <= 1
    assert len(payloads) == 1 or min(sizes) > LARGEST // 2
