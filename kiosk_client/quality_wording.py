"""How a call is, and whose line makes it so, in a plain sentence of each language."""

from __future__ import annotations

from kiosk_client.core.kiosk_events import KioskState, View
from kiosk_client.sentence import Sentence
from tawasul.protocol.peer import QualityCause, QualityLevel

_WEAK: dict[tuple[QualityLevel, QualityCause | None], Sentence] = {
    ("fair", "own"): Sentence("خطّكم أضعف من المعتاد الآن.", "Your line is a little weaker than usual at the moment."),
    ("fair", "other"): Sentence(
        "خط المكتب أضعف من المعتاد الآن.", "The office’s line is a little weaker than usual at the moment."
    ),
    ("fair", "relay"): Sentence(
        "الخدمة بين الطرفين أضعف من المعتاد الآن.",
        "The service between you is a little weaker than usual at the moment.",
    ),
    ("fair", None): Sentence(
        "الاتصال أضعف من المعتاد الآن.", "The connection is a little weaker than usual at the moment."
    ),
    ("poor", "own"): Sentence("خطّكم ضعيف الآن؛ الصوت أولًا.", "Your line is weak at the moment; sound comes first."),
    ("poor", "other"): Sentence(
        "خط المكتب ضعيف الآن؛ الصوت أولًا.", "The office’s line is weak at the moment; sound comes first."
    ),
    ("poor", "relay"): Sentence(
        "الخدمة بين الطرفين ضعيفة الآن؛ الصوت أولًا.",
        "The service between you is weak at the moment; sound comes first.",
    ),
    ("poor", None): Sentence(
        "الاتصال ضعيف الآن؛ الصوت أولًا.", "The connection is weak at the moment; sound comes first."
    ),
    ("voice", "own"): Sentence(
        "خطّكم ضعيف الآن: الصوت وحده، والصورة ثابتة.",
        "Your line is weak at the moment: sound alone, with a still picture.",
    ),
    ("voice", "other"): Sentence(
        "خط المكتب ضعيف الآن: الصوت وحده، والصورة ثابتة.",
        "The office’s line is weak at the moment: sound alone, with a still picture.",
    ),
    ("voice", "relay"): Sentence(
        "الخدمة بين الطرفين ضعيفة الآن: الصوت وحده، والصورة ثابتة.",
        "The service between you is weak at the moment: sound alone, with a still picture.",
    ),
    ("voice", None): Sentence(
        "الاتصال ضعيف الآن: الصوت وحده، والصورة ثابتة.",
        "The connection is weak at the moment: sound alone, with a still picture.",
    ),
}

_NOTHING = Sentence(
    "لا يصل الآن صوت ولا صورة. لحظات من فضلكم.", "Neither sound nor picture arrives at the moment. A moment, please."
)


def quality_sentence(view: View) -> Sentence | None:
    """The sentence for how the call is; None where all is well, and where there is no call."""
    if view.state is not KioskState.IN_CALL or view.quality == "good":
        return None
    return _NOTHING if view.quality == "nothing" else _WEAK[view.quality, blamed(view)]


def blamed(view: View) -> QualityCause | None:
    """Whose line it is: as the media tell; else of the two lines to the service the one that is away."""
    if view.cause is not None:
        return view.cause
    if not view.line:
        return "own"
    return "other" if view.call is not None and not view.call.office.online else None
