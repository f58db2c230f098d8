"""Pictures are read to their last pixel and written anew: what a camera knows of place and device stays behind, and
with it whatever else was in the file.
"""

from __future__ import annotations

import io
import warnings
from typing import Final

from PIL import Image, ImageOps

from tawasul.documents.verdict import Accepted, Fault, Refusal
from tawasul.domain.petition import LARGEST_ATTACHMENT, MediaType

MOST_PIXELS: Final = 64_000_000
"""A telephone's best camera makes 50 million; each takes up to four bytes of memory, twice while it is turned."""

_FORMATS: Final = {MediaType.JPEG: "JPEG", MediaType.PNG: "PNG"}
_QUALITY: Final = 90
_KEPT_MODES: Final = {MediaType.JPEG: frozenset({"L", "RGB"}), MediaType.PNG: frozenset({"1", "L", "RGB", "RGBA"})}


def written_anew(content: bytes, kind: MediaType) -> Accepted:
    """The same picture, upright, in 8 bits a channel, without a word besides.

    Raises:
        Refusal: it cannot be read to its end, moves, or has too many pixels.
    """
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with warnings.catch_warnings():
        # Pillow warns up to twice the bound, and refuses beyond.
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(content), formats=[_FORMATS[kind]]) as picture:
                if getattr(picture, "n_frames", 1) != 1:
                    raise Refusal(Fault.KIND)
                picture.load()
                upright = ImageOps.exif_transpose(picture)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise Refusal(Fault.TOO_LARGE) from None
        except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError):
            # What Pillow raises for files that are broken in one way or another.
            raise Refusal(Fault.BROKEN) from None
    written = io.BytesIO()
    plain = _plain(upright, kind)
    if kind is MediaType.JPEG:
        plain.save(written, "JPEG", quality=_QUALITY)
    else:
        plain.save(written, "PNG")
    if written.tell() > LARGEST_ATTACHMENT:
        raise Refusal(Fault.TOO_LARGE)
    return Accepted(kind, written.getvalue())


def _plain(picture: Image.Image, kind: MediaType) -> Image.Image:
    """Pixels alone, in a mode that every program shows."""
    if picture.mode not in _KEPT_MODES[kind]:
        see_through = kind is MediaType.PNG and ("A" in picture.getbands() or "transparency" in picture.info)
        picture = picture.convert("RGBA" if see_through else "RGB")
    transparent = picture.info.get("transparency") if kind is MediaType.PNG else None
    if transparent is not None and picture.mode in {"1", "L", "RGB"}:
        picture = picture.convert("RGBA")
    picture.info = {}
    return picture
