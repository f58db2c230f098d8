"""The words of a subject by which a case is found: «طلب تعبيد الطريق» by تعبيد, by طريق, and by «للطريق» too.

Folded (``tawasul.domain.arabic_text``), so that all spellings are one; without the article and what is written
together with it; and without the small words that every sentence has.
"""

from __future__ import annotations

import re
from typing import Final

from tawasul.domain.arabic_text import folded

_ARABIC: Final = """من في علي الي عن مع هذا هذه ذلك تلك التي الذي ما لا لم لن ان او ثم قد كان كانت بين بعد قبل عند لدي
حول منذ حتي كل"""
_ENGLISH: Final = "the a an of in on at to for and or from with by is are"
_SMALL: Final = frozenset(_ARABIC.split()) | frozenset(_ENGLISH.split())

_WITH_THE_ARTICLE: Final = ("وبال", "ولل", "وال", "بال", "كال", "فال", "لل", "ال")
"""The article and the letters that are written before it in one word; the longest first."""

_SHORTEST_STEM: Final = 3
"""Letters that must be left: والي is a governor, and بالغ is not غ."""


def subject_words(text: str) -> list[str]:
    """Each word once, in the order of the text; a text with no letters or digits has none.

    A text of nothing but small words has those.
    """
    found = list(dict.fromkeys(re.findall(r"[^\W_]+", folded(text))))
    telling = [word for word in found if word not in _SMALL]
    return list(dict.fromkeys(_stem(word) for word in telling or found))


def _stem(word: str) -> str:
    for prefix in _WITH_THE_ARTICLE:
        if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST_STEM:
            return word.removeprefix(prefix)
    return word
