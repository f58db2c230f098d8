"""What a file is, told by its content, and whether it may be kept."""

from __future__ import annotations

from typing import Final

from tawasul.documents import documents, pictures
from tawasul.documents.verdict import Accepted, Fault, Refusal
from tawasul.domain.petition import LARGEST_ATTACHMENT, MediaType

_SIGNATURES: Final = {
    b"%PDF-": MediaType.PDF,  # ISO 32000-2, 7.5.2; a PDF that begins later could begin as something else
    b"\xff\xd8\xff": MediaType.JPEG,  # ISO/IEC 10918-1, B.1.1.3
    b"\x89PNG\r\n\x1a\n": MediaType.PNG,  # ISO/IEC 15948, 5.2
}


def look(content: bytes) -> Accepted:
    """What to keep of it.

    Raises:
        Refusal: with the reason.
    """
    if len(content) > LARGEST_ATTACHMENT:
        raise Refusal(Fault.TOO_LARGE)
    for signature, kind in _SIGNATURES.items():
        if content.startswith(signature):
            return documents.looked_through(content) if kind is MediaType.PDF else pictures.written_anew(content, kind)
    raise Refusal(Fault.KIND)
