"""Both languages say the same things, completely, and nothing is said that is not in the catalogue."""

import re
import unicodedata
from itertools import chain
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

from tawasul.web.words import LOCALES, UnfinishedWord, UnknownWord, Words, as_locale, catalogue, words_in

ROOT = Path(__file__).parents[2]
WEB = ROOT / "tawasul" / "web"

ARABIC_PLURALS = {"zero", "one", "two", "few", "many", "other"}
DIGITS_OF_ARABIC = re.compile("[\u0660-\u0669\u06f0-\u06f9]")

# A word is used where its id stands in quotes: in a template, a script, or Python.
USERS = sorted(
    path
    for path in chain(
        *(WEB.rglob(pattern) for pattern in ("*.html", "*.js", "*.py")),
        *((ROOT / room).rglob("*.py") for room in ("scheduler", "tawasul/casework")),
    )
    if "vendor" not in path.parts
)
QUOTED = re.compile(r"""["'`]([a-z][a-z0-9]*(?:-[a-z0-9]+)*)["'`]""")
SAID = re.compile(r"""\bsay\(\s*["'`]([^"'`]+)["'`]""")


def messages(locale: str) -> dict[str, ftl.Message]:
    """The messages of a catalogue by id."""
    body = FluentParser().parse(catalogue(locale)).body
    return {entry.id.name: entry for entry in body if isinstance(entry, ftl.Message)}


class Arguments(Visitor):
    """Collects the arguments that a message asks for."""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:
        self.found.add(node.id.name)


class Variants(Visitor):
    """Collects the variants of each choice by plural."""

    def __init__(self) -> None:
        self.found: list[set[str]] = []

    def visit_SelectExpression(self, node: ftl.SelectExpression) -> None:
        self.found.append({variant.key.name for variant in node.variants if isinstance(variant.key, ftl.Identifier)})
        self.generic_visit(node)


def arguments(message: ftl.Message) -> set[str]:
    visitor = Arguments()
    visitor.visit(message)
    return visitor.found


def test_both_languages_have_the_same_words() -> None:
    assert messages("ar").keys() == messages("en").keys()


def test_both_languages_ask_for_the_same_arguments() -> None:
    arabic, english = messages("ar"), messages("en")
    assert {word: arguments(arabic[word]) for word in arabic} == {word: arguments(english[word]) for word in english}


@pytest.mark.parametrize("locale", LOCALES)
def test_no_word_is_given_twice(locale: str) -> None:
    names = [entry.id.name for entry in FluentParser().parse(catalogue(locale)).body if isinstance(entry, ftl.Message)]
    assert sorted(names) == sorted(set(names))


def test_every_word_that_is_said_is_in_the_catalogue() -> None:
    known = messages("ar")
    said = {(path.name, word) for path in USERS for word in SAID.findall(path.read_text())}
    assert len(said) > 100
    assert {(name, word) for name, word in said if word not in known} == set()


def test_every_word_of_the_catalogue_is_used() -> None:
    used = {word for path in USERS for word in QUOTED.findall(path.read_text())}
    assert messages("ar").keys() - used == set()


def test_arabic_has_all_six_forms_wherever_it_counts() -> None:
    counted = 0
    for word, message in messages("ar").items():
        visitor = Variants()
        visitor.visit(message)
        for variants in visitor.found:
            if variants & ARABIC_PLURALS:
                counted += 1
                assert variants == ARABIC_PLURALS, word
    assert counted >= 2


def test_digits_of_the_interface_are_latin() -> None:
    typed = {word for word, message in messages("ar").items() if DIGITS_OF_ARABIC.search(ftl_text(message))}
    # The one sentence that tells people that Arabic-Indic digits may be typed shows two of them.
    assert typed == {"desk-find-hint"}


def test_every_arabic_sentence_has_a_direction_of_its_own() -> None:
    """Values are isolated, so they lend no direction; an isolated sentence without a letter would run to the right."""
    without = set()
    for word, message in messages("ar").items():
        text = re.sub(r"\{ \$[^}]*\}", "", ftl_text(message).partition("=")[2])
        if len(arguments(message)) > 1 and not any(unicodedata.bidirectional(c) in {"R", "AL"} for c in text):
            without.add(word)
    # A short message is plain text: nothing is isolated in it, and its words have letters.
    assert without == {"message-soon"}


def ftl_text(message: ftl.Message) -> str:
    assert message.span is not None
    return catalogue("ar")[message.span.start : message.span.end]


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "أقل من دقيقة"),
        (1, "دقيقة واحدة"),
        (2, "دقيقتان"),
        (3, "\u20683\u2069 دقائق"),
        (10, "\u206810\u2069 دقائق"),
        (11, "\u206811\u2069 دقيقة"),
        (99, "\u206899\u2069 دقيقة"),
        (100, "\u2068100\u2069 دقيقة"),
        (1203, "\u20681,203\u2069 دقائق"),
    ],
)
def test_arabic_counts(minutes: int, said: str) -> None:
    assert words_in("ar").say("wait-minutes", minutes=minutes) == said


def test_values_are_isolated_so_that_they_cannot_turn_the_sentence() -> None:
    said = words_in("ar").say("desk-cancel-text", name="Khan 2000000001")
    assert "\u2068Khan 2000000001\u2069" in said


def test_an_unknown_word_and_a_missing_argument_are_faults() -> None:
    with pytest.raises(UnknownWord):
        Words("ar").say("no-such-word")
    with pytest.raises(UnfinishedWord):
        Words("ar").say("wait-minutes")


@pytest.mark.parametrize(
    ("asked", "given"), [(None, "ar"), ("", "ar"), ("fr", "ar"), ("ar", "ar"), ("en", "en"), ("en-US", "ar")]
)
def test_arabic_is_the_language_unless_english_was_chosen(asked: str | None, given: str) -> None:
    assert as_locale(asked) == given
