"""The share of a sitting that one governorate may take, so that no other goes without. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from tawasul.domain.places import GovernorateId
from tawasul.domain.sitting import Sitting

RELEASED_BEFORE: Final = timedelta(hours=24)
"""What the others have not taken until then, everybody may: an hour of the Amir's that stays empty serves nobody."""


def binds(sitting: Sitting, now: datetime) -> bool:
    """Whether what each governorate has taken of the sitting is to be counted."""
    return sitting.quota is not None and now < sitting.opens_at - RELEASED_BEFORE


def may_take(governorate: GovernorateId, taken: Mapping[GovernorateId, int], sitting: Sitting, now: datetime) -> bool:
    """Whether ``governorate``, of whose ``taken`` counts the slots, may take one more."""
    if sitting.quota is None or not binds(sitting, now):
        return True
    return taken.get(governorate, 0) < sitting.quota
