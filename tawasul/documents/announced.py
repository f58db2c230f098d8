"""As what a file was announced by whoever sent it: it must be what its content is. Pure."""

from __future__ import annotations

from typing import Final

from tawasul.domain.errors import AttachmentMistaken
from tawasul.domain.petition import MediaType

_SAID: Final = {
    "application/pdf": MediaType.PDF,
    "application/x-pdf": MediaType.PDF,
    "image/jpeg": MediaType.JPEG,
    "image/jpg": MediaType.JPEG,
    "image/pjpeg": MediaType.JPEG,
    "image/png": MediaType.PNG,
    "image/x-png": MediaType.PNG,
}
_SAYS_NOTHING: Final = frozenset({"", "application/octet-stream", "binary/octet-stream"})


def require_what_it_says(said: str, kind: MediaType) -> None:
    """``said``: the media type that came with the file; nothing, or what says nothing, is no mistake.

    Raises:
        AttachmentMistaken: announced as another kind of file.
    """
    announced = said.partition(";")[0].strip().lower()
    if announced not in _SAYS_NOTHING and _SAID.get(announced) is not kind:
        raise AttachmentMistaken("announced as another kind of file", field="file")
