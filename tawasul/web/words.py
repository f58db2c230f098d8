"""The words of the interface: one Fluent catalogue a language, the same files in Python and in the browser.

Arabic is the first language and the default; English the second. Values put into a sentence are isolated (FSI … PDI),
so that an identity number or a Latin name cannot turn an Arabic sentence about. Digits are Latin in both languages,
as the national digital guidance writes them; what people type may be Arabic-Indic (`tawasul.domain` and
`static/js/digits.js` accept it).

Errors::

    WordError(Exception)      code `word`             the catalogue, or the use made of it, is wrong
    ├── UnknownWord           code `word-unknown`     the catalogue has no such message
    └── UnfinishedWord        code `word-unfinished`  an argument is missing, or of a wrong kind
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final, Literal

from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax.ast import Junk

Locale = Literal["ar", "en"]

LOCALES: Final[tuple[Locale, ...]] = ("ar", "en")
DEFAULT_LOCALE: Final[Locale] = "ar"


class WordError(Exception):
    """Something is wrong with the catalogue or with its use."""

    code = "word"


class UnknownWord(WordError):
    """The catalogue has no message of this name."""

    code = "word-unknown"


class UnfinishedWord(WordError):
    """A message could not be completed: an argument is missing, or of a wrong kind."""

    code = "word-unfinished"


class Words:
    """The catalogue of one language."""

    def __init__(self, locale: Locale) -> None:
        self.locale: Final[Locale] = locale
        self.direction: Final = "rtl" if locale == "ar" else "ltr"
        self._bundle = FluentBundle([locale], use_isolating=True)
        resource = FluentResource(catalogue(locale))
        broken = [entry.content for entry in resource.body if isinstance(entry, Junk)]
        if broken:
            raise WordError(f"the {locale} catalogue does not parse: {broken[0]!r}")
        self._bundle.add_resource(resource)

    def say(self, word: str, /, **arguments: str | int | float) -> str:
        """The message `word` with its arguments.

        Numbers choose the plural form and are written with Latin digits and a thousands separator: pass years, identity
        numbers and times as text.

        Raises `UnknownWord`, `UnfinishedWord`.
        """
        if not self._bundle.has_message(word):
            raise UnknownWord(f"no word {word!r} in {self.locale}")
        pattern = self._bundle.get_message(word).value
        if pattern is None:
            raise UnknownWord(f"the word {word!r} has no text of its own in {self.locale}")
        text, errors = self._bundle.format_pattern(pattern, arguments)
        if errors:
            raise UnfinishedWord(f"{word!r} in {self.locale}: {errors[0]}")
        return str(text)

    def __contains__(self, word: str) -> bool:
        return bool(self._bundle.has_message(word))


@cache
def words_in(locale: Locale) -> Words:
    """The one `Words` of a language: parsing happens once a process."""
    return Words(locale)


@cache
def catalogue(locale: Locale) -> str:
    """The whole Fluent text of a language: every file of `i18n/<locale>/`, in the order of their names."""
    folder = files("tawasul.web").joinpath("i18n", locale)
    texts = sorted((entry.name, entry.read_text("utf-8")) for entry in folder.iterdir() if entry.name.endswith(".ftl"))
    return "\n".join(text for _, text in texts)


def as_locale(text: str | None) -> Locale:
    """The locale named by `text`; Arabic for anything else, whatever the browser would prefer."""
    return "en" if text == "en" else DEFAULT_LOCALE
