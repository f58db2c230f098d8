"""The name of an attached file, made harmless: it is shown, and given again when the file is. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from tawasul.domain.errors import AttachmentMistaken
from tawasul.domain.petition import LONGEST_FILE_NAME, MediaType

_ENDINGS: Final = {
    MediaType.PDF: (".pdf",),
    MediaType.JPEG: (".jpg", ".jpeg", ".jpe", ".jfif"),
    MediaType.PNG: (".png",),
}
_LONGEST_ENDING: Final = 6
_RESERVED: Final = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
"""What Windows takes in no file name."""
_JOINERS: Final = "\u200c\u200d"
_ENDING: Final = re.compile(r"\.(?=[0-9]*[A-Za-z])[A-Za-z0-9]{1,5}\Z")
"""With a letter: a name may end in a date."""
_UNNAMED: Final = "attachment"


def file_name(typed: str, kind: MediaType) -> str:
    """The last part of a path, in NFC, without what does not show or turns the text, ending as its kind does.

    Raises:
        AttachmentMistaken: it ends as another kind of file does.
    """
    last = re.split(r"[/\\]", typed)[-1]
    shown = "".join(c for c in unicodedata.normalize("NFC", last) if _shows(c)).translate(_RESERVED)
    stem = " ".join(shown.split()).rstrip(" .")
    ending = ""
    if found := _ENDING.search(stem):
        stem, ending = stem[: found.start()], found[0]
        if ending.lower() not in _ENDINGS[kind]:
            raise AttachmentMistaken("named as another kind of file", field="file_name")
    ending = ending or _ENDINGS[kind][0]
    return _cut(stem.strip(" .") or _UNNAMED, LONGEST_FILE_NAME - _LONGEST_ENDING) + ending


def _shows(character: str) -> bool:
    category = unicodedata.category(character)
    return character.isspace() or character in _JOINERS or category not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _cut(text: str, longest: int) -> str:
    """Not between a letter and its marks."""
    while longest < len(text) and (unicodedata.combining(text[longest]) or text[longest] in _JOINERS):
        longest -= 1
    return text[:longest].rstrip()
