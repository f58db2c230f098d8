"""One measured call: two ends and the emulated line between them, and what each direction of it came to."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import asdict
from typing import Any

import psutil
from support.bench_media_cells import PIECE, Cell, Ends, Way
from support.bench_media_ends import PATIENCE, Kept, KioskEnd, NotMeasured, PageEnd, a_kiosk, a_page
from support.bench_media_judge import judge_pictures, judge_sound
from support.bench_media_link import EmulatedLine, an_emulated_line
from support.bench_media_material import Material
from support.bench_media_results import Figures

CANDIDATES = ("a=candidate:", "a=end-of-candidates")


async def measured_call(
    ends: Ends, cell: Cell, seed: int, pieces: int, material: Material, pages: str
) -> tuple[list[Figures], float]:
    """Both directions of a call, of which so many pieces of speech are judged, and how idle the machine was meanwhile.

    `pages`: the server of the empty page. Raises NotMeasured.
    """
    async with AsyncExitStack() as held:
        starting = [held.enter_async_context(each) for each in _ends(ends, material, pages)]
        citizen, office = await asyncio.gather(*starting)
        async with an_emulated_line(cell, seed) as line:
            began = await _connected(citizen, office, line)
            await asyncio.sleep(PIECE)
            used, since, idle = [end.cpu() for end in (citizen, office)], time.time(), _idle()
            await asyncio.sleep(pieces * PIECE)
            took, idle = time.time() - since, _idle() - idle
            cores = [(end.cpu() - before) / took for end, before in zip((citizen, office), used, strict=True)]
            # What was said last is still on its way, or waits to be played.
            await asyncio.sleep(2.0)
            kept = [await end.kept() for end in (citizen, office)]
    ways = {Ends.BROWSERS: Way.BROWSERS, Ends.BROWSERS_RED: Way.BROWSERS_RED}
    names = [ways.get(ends, Way.FROM_KIOSK), ways.get(ends, Way.TO_KIOSK)]
    # Judging takes a core for a moment: no call runs meanwhile.
    figures = [
        _figures(name, kept[sender], kept[1 - sender], began, pieces, material, line, sender, cores[sender])
        for sender, name in enumerate(names)
    ]
    return figures, idle / took / (psutil.cpu_count() or 1)


def _idle() -> float:
    """Seconds for which this machine's cores have had nothing to do, all together."""
    return float(psutil.cpu_times().idle)


async def _connected(citizen: PageEnd | KioskEnd, office: PageEnd, line: EmulatedLine) -> float:
    """Lets them negotiate: the moment at which both had each other's description. Raises NotMeasured."""
    try:
        async with asyncio.timeout(PATIENCE):
            offer = await citizen.offer()
            answer = await office.answer(_without_candidates(offer), line.candidate(1))
            began = time.time()
            await citizen.take(_without_candidates(answer), line.candidate(0))
            # A handshake that lasts is seen in the first picture, and is no silence at the end of what is judged.
            await asyncio.gather(citizen.stands(), office.stands())
            return began
    except TimeoutError:
        raise NotMeasured(f"there was no call within {PATIENCE:.0f} seconds") from None


def _without_candidates(sdp: str) -> str:
    return "".join(line for line in sdp.splitlines(keepends=True) if not line.startswith(CANDIDATES))


def _figures(
    way: Way, sent: Kept, came: Kept, began: float, pieces: int, material: Material,
    line: EmulatedLine, sender: int, cores: float,
) -> Figures:  # fmt: skip
    begins, ends = sent.began + PIECE, sent.began + (1 + pieces) * PIECE
    heard = judge_sound(material.speech(), sent.began, came.sound, range(1, 1 + pieces))
    seen = judge_pictures(came.pictures, begins, ends)
    return Figures(
        way=way,
        **asdict(heard),
        frozen=seen.frozen,
        frame_rate=seen.rate,
        height=seen.height,
        first_picture=float(came.pictures[0, 0]) - began if len(came.pictures) else None,
        bit_rate=line.rate(sender, begins, ends),
        cpu=cores,
        sound_packet=came.sound_packet,
        can_send=sent.can_send,
    )


def _ends(ends: Ends, material: Material, pages: str) -> Any:
    office = a_page(
        material, pages, "office", {Ends.BROWSERS: "last", Ends.BROWSERS_RED: "first"}.get(ends, "as-pages")
    )
    if ends is Ends.KIOSK:
        return a_kiosk(material), office
    return a_page(material, pages, "citizen", "first" if ends is Ends.BROWSERS_RED else "last"), office
