"""Changes a typeface so that no glyph stands for two letters (see ``tawasul.papers.typeface``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from fontTools.otlLib.builder import buildCoverage, buildSingleSubstSubtable
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables._g_l_y_f import Glyph

_EMPTY_WIDTH: Final = 120
"""Of 1000 an em. Taken from the joined glyph's width, so that a line is as long as before; none is narrower."""

_SINGLE: Final = 1
_CHAINED_CONTEXT: Final = 6
_IGNORE_MARKS: Final = 8
_BASE_GLYPH: Final = 1
_NAMES: Final = (1, 3, 4, 6, 16)


def write_unjoined(source: IO[bytes], path: Path, family: str) -> None:
    """Writes the typeface of ``source`` (TTF) to ``path``, changed and named ``family``. Raises: ValueError."""
    font = TTFont(source)
    one_glyph_a_letter(font, family)
    font.save(path)


def one_glyph_a_letter(font: TTFont, family: str) -> None:
    """Changes ``font`` in place and names it ``family``: after it, shaping joins no two letters into one glyph.

    Raises:
        ValueError: the typeface joins three letters, or in another way: then it has to be looked at.
    """
    substitutions = font["GSUB"].table
    lookups = substitutions.LookupList.Lookup
    (index,) = {i for each in _features(substitutions, "rlig") for i in each.LookupListIndex}
    joined = _joined(lookups[index])
    empty = {first: f"empty.{first}" for first in joined}
    _add_empty_glyphs(font, empty.values())
    for drawing in {drawing for seconds in joined.values() for drawing in seconds.values()}:
        width, bearing = font["hmtx"].metrics[drawing]
        font["hmtx"].metrics[drawing] = (width - _EMPTY_WIDTH, bearing)
        font["GDEF"].table.GlyphClassDef.classDefs[drawing] = _BASE_GLYPH
    to_empty = _add_single(lookups, empty)
    order = font.getReverseGlyphMap(rebuild=True)
    rules = [
        _in_turn(
            [buildCoverage([first], order), buildCoverage(seconds, order)], [to_empty, _add_single(lookups, seconds)]
        )
        for first, seconds in joined.items()
    ]
    lookup = lookups[index]
    lookup.LookupType, lookup.LookupFlag = _CHAINED_CONTEXT, lookup.LookupFlag | _IGNORE_MARKS
    lookup.SubTable, lookup.SubTableCount = rules, len(rules)
    substitutions.LookupList.LookupCount = len(lookups)
    for record in font["name"].names:
        if record.nameID in _NAMES:
            record.string = family


def _features(table: Any, tag: str) -> Iterator[Any]:
    return (each.Feature for each in table.FeatureList.FeatureRecord if each.FeatureTag == tag)


def _joined(lookup: Any) -> dict[str, dict[str, str]]:
    """First glyph → second glyph → the glyph of both."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for table in lookup.SubTable:
        for first, ligatures in getattr(table, "ExtSubTable", table).ligatures.items():
            for ligature in ligatures:
                (second,) = ligature.Component
                found[first][second] = ligature.LigGlyph
    return dict(found)


def _add_empty_glyphs(font: TTFont, names: Any) -> None:
    order = [*font.getGlyphOrder(), *names]
    for name in names:
        font["glyf"].glyphs[name] = Glyph()
        font["hmtx"].metrics[name] = (_EMPTY_WIDTH, 0)
        font["GDEF"].table.GlyphClassDef.classDefs[name] = _BASE_GLYPH
    font.setGlyphOrder(order)
    font["glyf"].glyphOrder = order


def _add_single(lookups: list[Any], mapping: dict[str, str]) -> int:
    """A lookup that puts one glyph for another, at the end of the list: its index."""
    lookup = otTables.Lookup()
    lookup.LookupType, lookup.LookupFlag = _SINGLE, 0
    lookup.SubTable, lookup.SubTableCount = [buildSingleSubstSubtable(mapping)], 1
    lookups.append(lookup)
    return len(lookups) - 1


def _in_turn(glyphs: list[Any], lookups: list[int]) -> Any:
    """Where ``glyphs`` follow each other, each goes through its lookup (OpenType 1.9, GSUB 6.3)."""
    rule = otTables.ChainContextSubst()
    rule.Format = 3
    rule.BacktrackGlyphCount, rule.BacktrackCoverage = 0, []
    rule.InputGlyphCount, rule.InputCoverage = len(glyphs), glyphs
    rule.LookAheadGlyphCount, rule.LookAheadCoverage = 0, []
    rule.SubstLookupRecord = []
    for place, lookup in enumerate(lookups):
        record = otTables.SubstLookupRecord()
        record.SequenceIndex, record.LookupListIndex = place, lookup
        rule.SubstLookupRecord.append(record)
    rule.SubstCount = len(rule.SubstLookupRecord)
    return rule
