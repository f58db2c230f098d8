"""What a walk over the audit log found, in sentences: English, with the Arabic beneath."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from tawasul.domain.errors import InvalidInput
from tawasul.store import audit_heads
from tawasul.store.audit_chain import Found, Head, Link, Trouble, Walk

MOST_TOLD: Final = 20
"""Sentences: of a log that does not hold at all a person needs no thousand."""


class AuditRefused(InvalidInput):
    """A file that cannot be read at all."""

    code = "audit-refused"


class Sentence(NamedTuple):
    """The same in both languages."""

    english: str
    arabic: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """``holds``: nothing is wrong. ``sentences`` say what was looked at, and what does not hold and where."""

    holds: bool
    sentences: Sequence[Sentence]


def read_heads(file: Path) -> list[Head]:
    """Raises: AuditRefused: a line of it is no head, or it cannot be read."""
    try:
        return list(audit_heads.read(file))
    except audit_heads.HeadsUnreadable as error:
        raise AuditRefused(
            f"{file}: line {error.line} is no head of the audit log; somebody changed the file"
        ) from None
    except OSError as error:
        raise AuditRefused(f"{file} cannot be read: {error.strerror}") from None


def verify_file(file: Path, heads: Sequence[Head]) -> Verdict:
    """An export, without any database. Raises: AuditRefused: the file cannot be read."""
    walk = Walk(heads)
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    walk.take(Link.from_json(line))
                except ValueError:
                    walk.unreadable(number)
    except UnicodeDecodeError:
        raise AuditRefused(f"{file} is not a text") from None
    except OSError as error:
        raise AuditRefused(f"{file} cannot be read: {error.strerror}") from None
    return verdict(walk, len(heads))


def verdict(walk: Walk, heads: int, *, unchained: int = 0, since: datetime | None = None) -> Verdict:
    """Of a finished walk. ``unchained``: entries that wait for the chainer, the oldest of them ``since``."""
    found = walk.end()
    return Verdict(not found, [*_sentences(found, walk.length, heads), *_waiting(unchained, since)])


def _sentences(found: Sequence[Found], length: int, heads: int) -> Iterator[Sentence]:
    if not found:
        yield Sentence(
            f"The audit log holds: {length} entries, each following the one before it.",
            f"سجل التدقيق سليم: {length} من القيود، كلٌّ منها يتبع ما قبله.",
        )
    else:
        yield Sentence(
            f"The audit log does not hold. Entries looked at: {length}; what is wrong: {len(found)}.",
            f"سجل التدقيق غير سليم. القيود المفحوصة: {length}؛ المخالفات: {len(found)}.",
        )
    if heads:
        yield Sentence(
            f"Compared with {heads} heads that were noted outside of the database.",
            f"قورن السجل بعدد {heads} من العلامات المدوّنة خارج قاعدة البيانات.",
        )
    else:
        yield Sentence(
            "Compared with no heads: that the end was not cut off, or all of it made anew, is not known.",
            "لم تُقارن بأي علامات: فلا يُعرف هل قُطعت نهايته أو أُعيدت كتابته كاملًا.",
        )
    yield from (_told(each) for each in found[:MOST_TOLD])
    if len(found) > MOST_TOLD:
        yield Sentence(f"… and {len(found) - MOST_TOLD} more.", f"… و{len(found) - MOST_TOLD} غيرها.")


def _told(found: Found) -> Sentence:
    one = found.first == found.last
    where = f"Entry {found.first}" if one else f"Entries {found.first} to {found.last}"
    hence = f"القيد {found.first}" if one else f"القيود من {found.first} إلى {found.last}"
    when = "" if found.at is None else found.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    match found.trouble:
        case Trouble.CHANGED:
            return Sentence(f"{where}: changed after it was written.", f"{hence}: غُيّر بعد كتابته.")
        case Trouble.NOT_FOLLOWING:
            return Sentence(
                f"{where}: does not follow the one before it; one of the two was put there later.",
                f"{hence}: لا يتبع ما قبله؛ أحدهما أُدرج لاحقًا.",
            )
        case Trouble.MISSING:
            return Sentence(f"{where}: missing.", f"{hence}: غير موجود.")
        case Trouble.REPEATED:
            return Sentence(
                f"{where}: stands there twice, or out of order: the log forks.",
                f"{hence}: مكرر أو في غير موضعه، فالسجل متفرّع.",
            )
        case Trouble.BACKDATED:
            return Sentence(
                f"{where}: its time is before that of entries written earlier.",
                f"{hence}: وقته أسبق من قيود كُتبت قبله.",
            )
        case Trouble.CUT:
            return Sentence(
                f"{where}: cut off. On {when} the log was that long.",
                f"{hence}: مقطوعة من النهاية. كان السجل بهذا الطول في {when}.",
            )
        case Trouble.REWRITTEN:
            return Sentence(
                f"{where}: not the one that stood there on {when}. The log was made anew from there or before.",
                f"{hence}: ليس ما كان هنا في {when}. أُعيدت كتابة السجل من هذا الموضع أو قبله.",
            )
        case Trouble.UNREADABLE:
            return Sentence(f"Line {found.first}: no entry.", f"السطر {found.first}: ليس قيدًا.")


def _waiting(unchained: int, since: datetime | None) -> Iterable[Sentence]:
    if not unchained or since is None:
        return
    moment = since.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    yield Sentence(
        f"Entries not chained yet: {unchained}, since {moment}. A running service does it within a second.",
        f"قيود لم تُربط بعد: {unchained}، منذ {moment}. تربطها الخدمة أثناء عملها خلال ثانية.",
    )
