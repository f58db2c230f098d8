"""What a citizen's own device is told after the call, in both databases."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from support.cases import ROADS, WATER
from support.casework import CaseworkScene, casework_on, device, own

from tawasul.casework.afterwards import After, Afterwards
from tawasul.domain.audience import Audience
from tawasul.domain.errors import NotFound
from tawasul.domain.outcome import Directive, HeardOnly

TO_WATER = Directive.write("تُصلح الشبكة", WATER.id)


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[CaseworkScene]:
    async with casework_on(database_url) as scene:
        yield scene


async def after(scene: CaseworkScene, audience: Audience) -> After:
    return await Afterwards(scene.casework).of(device(audience))


async def test_before_the_outcome_is_known_there_is_nothing_to_say(scene: CaseworkScene) -> None:
    audience = await scene.audience(await scene.sitting())
    assert await after(scene, audience) == After(None, None, None, asked=False, spared=None)
    await scene.told_of(audience)
    opened = await after(scene, audience)
    assert (opened.number is not None, opened.directive, opened.asked) == (True, None, False)


async def test_a_directive_is_asked_about_until_it_is_ratified_and_the_way_spared_is_told(
    scene: CaseworkScene,
) -> None:
    audience = await scene.audience(await scene.sitting())
    await scene.concluded(audience, TO_WATER)
    written = await after(scene, audience)
    assert written.number is None, "the case follows a moment later"
    assert written.spared is not None
    assert written.spared.kilometres > 100
    await scene.told_of(audience)
    asked = await after(scene, audience)
    assert asked.directive is not None
    assert (asked.asked, asked.directive.wording.reveal(), asked.agency) == (True, "تُصلح الشبكة", WATER)
    await scene.ratifying.own(device(audience), asked.directive.id)
    ratified = await after(scene, audience)
    assert (ratified.asked, ratified.agency) == (False, WATER)


async def test_what_was_corrected_is_asked_about_again_once_it_is_written_anew(scene: CaseworkScene) -> None:
    audience = await scene.audience(await scene.sitting())
    await scene.concluded(audience, TO_WATER)
    await scene.told_of(audience)
    first = (await after(scene, audience)).directive
    assert first is not None
    await scene.ratifying.correct(device(audience), first.id, "الطريق، لا الماء")
    corrected = await after(scene, audience)
    assert corrected.directive is not None
    assert (corrected.asked, corrected.directive.id) == (False, first.id)
    scene.clock.now += timedelta(minutes=1)
    case = await scene.case_of(audience)
    assert case is not None
    second = await scene.directed(case, ROADS)
    anew = await after(scene, audience)
    assert anew.directive is not None
    assert (anew.asked, anew.directive.id, anew.agency) == (True, second.id, ROADS)
    await scene.closing.withdraw(own(case), case.id)
    assert not (await after(scene, audience)).asked, "who wants nothing more is asked nothing more"


async def test_what_an_earlier_audience_was_directed_is_not_this_ones(scene: CaseworkScene) -> None:
    case = await scene.taken()
    directive = await scene.directed(case)
    await scene.ratifying.own(own(case), directive.id)
    scene.clock.now += timedelta(hours=1)
    audience = await scene.audience(await scene.sitting(opens_at=scene.clock.now), case=case)
    await scene.concluded(audience, HeardOnly())
    await scene.told_of(audience)
    told = await after(scene, audience)
    assert (told.number, told.directive, told.asked) == (case.number, None, False)


async def test_it_is_told_to_that_device_alone(scene: CaseworkScene) -> None:
    audience = await scene.audience(await scene.sitting())
    stranger = await scene.audience(await scene.sitting("another"))
    await scene.concluded(audience, TO_WATER)
    await scene.told_of(audience)
    found = (await after(scene, audience)).directive
    assert found is not None
    assert (await after(scene, stranger)).directive is None
    with pytest.raises(NotFound):
        await scene.ratifying.own(device(stranger), found.id)
