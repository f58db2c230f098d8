"""The relays of the fleet, as far as this machine can see: which answer, and by what."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator, Sequence

from media_relay.fleet import answers_at
from signaling.ice import RelayPlace
from tawasul.doctor.finding import Finding, Words, ok, warning, wrong
from tawasul.protocol.relay_url import RelayUrl

NAME = "relays"


def relays(
    fleet: Sequence[RelayPlace], *, secret_given: bool, context: ssl.SSLContext | None = None
) -> Iterator[Finding]:
    """Each relay of the fleet. ``secret_given``: the settings name the secret that all of them share."""
    if fleet and not secret_given:
        yield wrong(
            NAME,
            Words(
                "Relays are named and no secret: they cannot know the one that this machine made for itself.",
                "سُمّيت خوادم ترحيل ولم يُحدَّد سر: لا يمكنها أن تعرف السر الذي أنشأه هذا الجهاز لنفسه.",
            ),
            Words(
                "Set the same TAWASUL_RELAY__SECRETS here and at every relay (docs/operations.md).",
                "حدّد TAWASUL_RELAY__SECRETS نفسه هنا وعند كل خادم ترحيل (انظر docs/operations.md).",
            ),
        )
    silent = asyncio.run(_silent([url for relay in fleet for url in relay.urls()], context))
    for relay in fleet:
        without = [url.transport.upper() for url in relay.urls() if url in silent]
        yield _finding(relay, without)


def _finding(relay: RelayPlace, without: Sequence[str]) -> Finding:
    if not without:
        return ok(NAME, Words(f"The relay {relay.host} answers.", f"خادم الترحيل {relay.host} يجيب."))
    listed = ", ".join(without)
    mend = Words(
        f"Try there: tawasul relay check {relay.host}. A certificate that this machine does not trust is silence too.",
        f"جرّب هناك: tawasul relay check {relay.host}. والشهادة التي لا يثق بها هذا الجهاز تُعدّ صمتًا أيضًا.",
    )
    if len(without) == len(relay.transports):
        return wrong(
            NAME,
            Words(
                f"The relay {relay.host} does not answer at all: it is given to nobody while others do.",
                f"خادم الترحيل {relay.host} لا يجيب إطلاقًا: لا يُعطى لأحد ما دام غيره يجيب.",
            ),
            mend,
        )
    return warning(
        NAME,
        Words(
            f"The relay {relay.host} does not answer by {listed}.",
            f"خادم الترحيل {relay.host} لا يجيب عبر {listed}.",
        ),
        mend,
    )


async def _silent(urls: Sequence[RelayUrl], context: ssl.SSLContext | None) -> set[RelayUrl]:
    answers = await asyncio.gather(*(answers_at(url, context) for url in urls))
    return {url for url, answered in zip(urls, answers, strict=True) if not answered}
