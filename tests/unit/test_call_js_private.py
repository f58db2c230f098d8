"""Nothing of a call is recorded, kept or sent on by the pages: no such means stands in their scripts."""

import re
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "tawasul" / "web" / "static" / "js"

MEANS = re.compile(
    r"\b(MediaRecorder|captureStream|ImageCapture|createImageBitmap|toBlob|toDataURL|drawImage|"
    r"VideoFrame|MediaStreamTrackProcessor|showSaveFilePicker|createObjectURL|sendBeacon|navigator\.serviceWorker|caches)\b"
)


ELSEWHERE = {
    "receipt.js": {"navigator.serviceWorker"},
    "receipt-worker.js": {"caches"},
    "case-link.js": {"createObjectURL"},
}
"""Pages without a call. That on which a receipt is verified keeps itself and public keys; that of a citizen's own case
gives them the documents of its answer to save.
"""


@pytest.mark.parametrize("script", sorted(SCRIPTS.rglob("*.js")), ids=lambda path: path.name)
def test_no_script_has_the_means_to_keep_a_call(script: Path) -> None:
    assert set(MEANS.findall(script.read_text("utf-8"))) == ELSEWHERE.get(script.name, set())


def test_what_is_stored_is_named() -> None:
    """What is being written, in the tab; on the computer the chosen devices, and that single keys are turned off.

    Nothing else: docs/threat-model.md, "What a browser keeps", says the same.
    """
    storing = {
        path.relative_to(SCRIPTS).as_posix()
        for path in SCRIPTS.rglob("*.js")
        if re.search(r"\b(localStorage|sessionStorage)\b", path.read_text("utf-8"))
    }
    assert storing == {"call/devices-ask.js", "desk-keys.js", "drafts.js"}


def test_who_keeps_keys_is_named() -> None:
    """The office's identity, the keys of a call that a page may come back to; and who only asks whether it could."""
    keeping = {
        path.relative_to(SCRIPTS).as_posix()
        for path in SCRIPTS.rglob("*.js")
        if re.search(r"\bindexedDB\b", path.read_text("utf-8"))
    }
    assert keeping == {"call/call-memory.js", "e2ee/features.js", "identity-store.js"}
