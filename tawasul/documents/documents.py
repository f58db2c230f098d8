"""A PDF is read from its first object to its last, and kept as it came only if nothing in it acts.

As it came: a document may be signed, and a signature holds for these bytes alone.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, PdfObject

from tawasul.documents.verdict import Accepted, Fault, Refusal
from tawasul.domain.petition import MediaType

MOST_PAGES: Final = 200
MOST_OBJECTS: Final = 100_000

_ACTING_KEYS: Final = frozenset(
    {
        "/JavaScript",
        "/JS",
        "/AA",
        "/EmbeddedFiles",
        "/EF",
        "/AF",
        "/XFA",
        "/RichMedia",
        "/RichMediaContent",
        "/Collection",
    }
)
_ACTIONS: Final = frozenset(
    {
        "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/RichMediaExecute", "/Rendition",
        "/Movie", "/Sound", "/SetOCGState", "/Trans", "/GoTo3DView", "/Hide", "/ResetForm",
    }
)  # fmt: skip
_ACTING_TYPES: Final = frozenset(
    {"/EmbeddedFile", "/RichMedia", "/FileAttachment", "/Screen", "/Movie", "/Sound", "/3D"}
)
"""ISO 32000-2: 12.6.4 action types, 12.5.6 annotation types, 7.11.4 embedded files."""

_IN_CLEAR: Final = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|GoToE)(?![A-Za-z])"
)
"""Also looked for in the bytes: another reader may find an object where ours found none."""

_END: Final = re.compile(rb"%%EOF[\x00\t\n\f\r ]*\Z")
_ZIP_DIRECTORY: Final = b"PK\x05\x06"
_LONGEST_ZIP_COMMENT: Final = 65_535 + 22


def looked_through(content: bytes) -> Accepted:
    """The document itself.

    Raises:
        Refusal: it is broken, locked, too long, acts, or is something else as well.
    """
    if not _END.search(content[-1024:]) or _ZIP_DIRECTORY in content[-_LONGEST_ZIP_COMMENT:]:
        raise Refusal(Fault.BROKEN)
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise Refusal(Fault.LOCKED)
        pages = len(reader.pages)
        if pages > MOST_PAGES:
            raise Refusal(Fault.TOO_LARGE)
        if pages == 0:
            raise Refusal(Fault.BROKEN)
        if _IN_CLEAR.search(content) or any(_acts(each) for each in _dictionaries(reader)):
            raise Refusal(Fault.ACTIVE)
        for page in reader.pages:
            page.get_contents()
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, RecursionError):
        # What pypdf raises for files that are broken in one way or another.
        raise Refusal(Fault.BROKEN) from None
    return Accepted(MediaType.PDF, content)


def _acts(dictionary: DictionaryObject) -> bool:
    if _ACTING_KEYS & dictionary.keys():
        return True
    named = {dictionary.get(key) for key in ("/S", "/Type", "/Subtype") if isinstance(dictionary.get(key), NameObject)}
    return bool(named & _ACTIONS and "/S" in dictionary and dictionary.get("/S") in _ACTIONS) or bool(
        named & _ACTING_TYPES
    )


def _dictionaries(reader: PdfReader) -> Iterator[DictionaryObject]:
    """All that the cross-reference tables name, and what is inside; each once."""
    numbers = {number for table in reader.xref.values() for number in table} | set(reader.xref_objStm)
    if len(numbers) > MOST_OBJECTS:
        raise Refusal(Fault.TOO_LARGE)
    seen: set[int] = set()
    waiting: list[PdfObject | None] = [reader.trailer]
    for generation, table in reader.xref.items():
        waiting += [IndirectObject(number, generation, reader).get_object() for number in table if number]
    waiting += [IndirectObject(number, 0, reader).get_object() for number in reader.xref_objStm]
    while waiting:
        each = waiting.pop()
        if isinstance(each, DictionaryObject | ArrayObject):
            if id(each) in seen:
                continue
            seen.add(id(each))
            if len(seen) > MOST_OBJECTS * 10:
                raise Refusal(Fault.TOO_LARGE)
            if isinstance(each, DictionaryObject):
                yield each
            # What is named indirectly stands in the tables itself.
            inside = each.values() if isinstance(each, DictionaryObject) else each
            waiting += [item for item in inside if not isinstance(item, IndirectObject)]
