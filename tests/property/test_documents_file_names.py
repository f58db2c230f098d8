"""The name of an attached file: whatever it was called, what is kept is short, shown as it is, and of its kind."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tawasul.documents.file_names import file_name
from tawasul.domain.errors import AttachmentMistaken
from tawasul.domain.petition import LONGEST_FILE_NAME, MediaType

PDF, JPEG, PNG = MediaType.PDF, MediaType.JPEG, MediaType.PNG


@pytest.mark.parametrize(
    ("typed", "kind", "kept"),
    [
        ("معروض أهالي القرية.pdf", PDF, "معروض أهالي القرية.pdf"),
        ("../../etc/passwd", PDF, "passwd.pdf"),
        (r"C:\Users\سالم\صك.PDF", PDF, "صك.PDF"),
        ("صورة\n\r\t جديدة.jpg", JPEG, "صورة جديدة.jpg"),
        ("photo\u202egpj.jpeg", JPEG, "photogpj.jpeg"),
        ("\u2067صورة\u2069.png", PNG, "صورة.png"),
        ("وثيقة 📄.pdf", PDF, "وثيقة 📄.pdf"),
        ("", PDF, "attachment.pdf"),
        ("...", PNG, "attachment.png"),
        (".pdf", PDF, "attachment.pdf"),
        ("scan 2026.11.22", PDF, "scan 2026.11.22.pdf"),
        ("letter.exe", PDF, None),
        ("letter.pdf.exe", PDF, None),
        ("letter.exe.pdf", PDF, "letter.exe.pdf"),
        ('a<b>:"|?*.pdf', PDF, "a_b______.pdf"),
        ("م" * 300 + ".pdf", PDF, "م" * 114 + ".pdf"),
    ],
)
def test_names_that_come_from_machines(typed: str, kind: MediaType, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(AttachmentMistaken):
            file_name(typed, kind)
    else:
        assert file_name(typed, kind) == kept


@example("a/\u202e")
@example("\ud800.pdf")
@example("é" * 200)
@given(st.text(max_size=300))
def test_whatever_it_was_called(typed: str) -> None:
    try:
        kept = file_name(typed, PDF)
    except AttachmentMistaken:
        return
    assert 5 <= len(kept) <= LONGEST_FILE_NAME
    assert kept.lower().endswith(".pdf")
    assert not set(kept) & set('/\\<>:"|?*\n\r\t')
    assert not {unicodedata.category(c) for c in kept} & {"Cc", "Cs", "Zl", "Zp"}
    assert not set(kept) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
    kept.encode()
    assert file_name(kept, PDF) == kept
