"""A kiosk in a real call, by the service and its relay, whose connection gets slow: its person is told."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from support.bad_line import BadLine
from support.proven_call import proven_call
from support.service import a_service
from support.trust import make_trust

from kiosk_client.core.kiosk_events import KioskState
from kiosk_client.quality_wording import quality_sentence
from kiosk_client.terminal import words

pytestmark = [pytest.mark.realtime, pytest.mark.timeout(180)]


async def test_a_connection_that_gets_slow_is_told_below_the_state_of_the_kiosk(tmp_path: Path) -> None:
    async with a_service(tmp_path / "service") as service, proven_call(service, make_trust(), tmp_path) as call:
        await call.in_call()
        conversation = call.station._conversation
        assert conversation is not None
        # Late and not lossy: nothing is left to chance, and the heartbeats go on.
        BadLine(SimpleNamespace(peer=conversation._peer), loss=0.0, delay=0.6)  # type: ignore[arg-type]
        view = await call.seen.until(lambda view: view.quality != "good", 60)
        sentence = quality_sentence(view)
        assert sentence is not None
        assert [*words(view)][2:4] == [sentence.arabic, sentence.english]
        call.station.hang_up()
        view = await call.seen.until(lambda view: view.state is not KioskState.IN_CALL, 15)
        assert (view.quality, view.cause) == ("good", None)
