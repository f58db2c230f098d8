"""Arabic as people type it, made comparable: one name has many spellings, and a search has to find them all.

Only for comparing and finding. What is shown is always what was written.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from tawasul.domain.text import latin_digits

_SAME_LETTER: Final = str.maketrans(
    {
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",  # of Persian and Urdu keyboards, as the two below
        "ک": "ك",
        "ہ": "ه",
        "ھ": "ه",
        "ة": "ه",
        "ۃ": "ه",
        "ـ": "",  # tatweel
    }
)

_PARTICLES: Final = frozenset({"بن", "بنت", "ابن", "ابنه", "ال", "bin", "bint", "ibn", "al", "el"})
"""Said between names or left out, as it comes; so is آل before that of a family."""

_JOINED_TO_THE_NEXT: Final = frozenset({"عبد", "ابو", "ابا", "ابي", "ام", "abdul", "abu", "umm"})
_JOINED_TO_THE_LAST: Final = frozenset({"الله", "الدين"})
_ARTICLE: Final = "ال"
_SHORTEST_WITHOUT_ARTICLE: Final = 3


def folded(text: str) -> str:
    """``text`` as it is compared: without tashkeel, tatweel and invisible marks, each letter in one form (أإآٱ are ا,
    ى is ي, ة is ه, ؤ is و, ئ is ي; presentation forms as letters), digits of ASCII, lower case, single spaces.

    Folding twice changes nothing more.
    """
    # Taken apart, the hamza and the madda of أ إ آ ؤ ئ are marks like tashkeel, and go with it.
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(c for c in apart if unicodedata.category(c) not in ("Mn", "Me", "Cf")).translate(_SAME_LETTER)
    return " ".join(latin_digits(bare).split())


def words(text: str) -> list[str]:
    """The words of a name by which it is found, folded: بن and its like left out, compounds in one word (عبد الله is
    عبدالله, أبو بكر is ابوبكر, نصر الله is نصرالله), and ال in front of a word left out.

    A text with no letters or digits has none.
    """
    found: list[str] = []
    before = ""
    for word in re.findall(r"[^\W_]+", folded(text)):
        if before and word not in _PARTICLES:
            found.append(before + word)
            before = ""
            continue
        if before:
            found.append(before)
            before = ""
        if word in _JOINED_TO_THE_NEXT:
            before = word
        elif word in _JOINED_TO_THE_LAST and found:
            found[-1] += word
        elif word not in _PARTICLES:
            found.append(_without_article(word))
    return [*found, before] if before else found


def _without_article(word: str) -> str:
    rest = word.removeprefix(_ARTICLE)
    return rest if len(rest) >= _SHORTEST_WITHOUT_ARTICLE else word
