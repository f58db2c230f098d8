"""Whatever sizes, rates and key frames are asked for in whatever order, the other end decodes what was drawn."""

from fractions import Fraction

import av
import numpy as np
from av import VideoFrame
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk_client.media.libvpx import Vp8Encoder

sizes = st.builds(lambda width, height: (width * 2, height * 2), st.integers(1, 100), st.integers(1, 80))

steps = st.lists(
    st.tuples(
        st.integers(0, 2),  # which of the sizes
        st.integers(-(2**40), 2**40) | st.integers(5_000, 3_000_000),
        st.booleans(),
        st.integers(1, 4),  # pictures
        st.integers(-200_000, 200_000) | st.just(3750),  # ticks between them
        st.floats(0, 1000),  # as many a second as is said
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(sizes, min_size=3, max_size=3), steps)
def test_any_order_of_sizes_rates_and_key_frames_is_decoded(
    choice: list[tuple[int, int]], steps: list[tuple[int, int, bool, int, int, float]]
) -> None:
    encoder, decoder = Vp8Encoder(), av.CodecContext.create("libvpx", "r")
    shade, pts, last = 0, 0, None
    try:
        for which, rate, key, pictures, ticks, per_second in steps:
            width, height = choice[which]
            for number in range(pictures):
                shade, pts = (shade + 37) % 256, pts + ticks
                frame = VideoFrame.from_ndarray(
                    np.full((height * 3 // 2, width), shade, dtype=np.uint8), format="yuv420p"
                )
                frame.pts, frame.time_base = pts, Fraction(1, 90000)
                asked = key and number == 0
                made = encoder.encode(frame, rate, per_second, key=asked)
                begins = last != (width, height)
                last = (width, height)
                if made is None:
                    assert not asked
                    assert not begins
                    continue
                assert made.key == (asked or begins)
                (shown,) = decoder.decode(av.Packet(made.data))
                assert isinstance(shown, VideoFrame)
                assert (shown.width, shown.height) == (width, height)
                luma = np.frombuffer(bytes(shown.planes[0]), dtype=np.uint8).reshape(height, -1)[:, :width]
                assert abs(float(luma.mean()) - shade) < 40
    finally:
        encoder.close()
