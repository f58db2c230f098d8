"""The data folder: for its owner alone, keys of the right shape, room on the disk; and the certificate of the pages."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shlex import quote

from tawasul.doctor.finding import Finding, Words, ok, warning, wrong

KEYS = ("*.key", "*-key.pem", "relay-config.json")
"""Files that hold a secret, wherever in the data folder they lie."""

SECRETS_OF_32_BYTES = ("personal-data.key", "access.key", "relay.key")

MIB = 1 << 20

RENEW_WITHIN = timedelta(days=14)


def data_folder(directory: Path) -> Finding:
    """Mode 0700, ours, and writable; or it can be made."""
    shown = directory.absolute()
    if not directory.exists():
        above = _nearest(directory)
        if above.is_dir() and os.access(above, os.W_OK | os.X_OK):
            return ok(
                "data-folder",
                Words(
                    f"{shown} is not there yet; the first start makes it.",
                    f"لا يوجد {shown} بعد، وسيُنشأ عند أول تشغيل.",
                ),
            )
        return _not_ours(shown, above)
    mode = stat.S_IMODE(directory.stat().st_mode)
    if not directory.is_dir() or not os.access(directory, os.R_OK | os.W_OK | os.X_OK):
        return _not_ours(shown, shown)
    if mode & 0o077:
        return wrong(
            "data-folder",
            Words(
                f"Others on this machine may look into {shown} (mode {mode:04o}), which holds keys and personal data.",
                f"يستطيع مستخدمون آخرون الاطلاع على {shown} (الصلاحيات {mode:04o}) وفيه المفاتيح والبيانات الشخصية.",
            ),
            Words("Close it to all but its owner.", "اجعله لمالكه وحده."),
            f"chmod 700 {quote(str(shown))}",
        )
    return ok("data-folder", Words(f"{shown} is for its owner alone.", f"المجلد {shown} لمالكه وحده."))


def _not_ours(shown: Path, obstacle: Path) -> Finding:
    return wrong(
        "data-folder",
        Words(
            f"The data folder {shown} cannot be used: {obstacle} is no folder that this user may write to.",
            f"لا يمكن استخدام مجلد البيانات {shown}: لا يملك هذا المستخدم صلاحية الكتابة في {obstacle}.",
        ),
        Words(
            "Run as the service's own user, give it the folder, or name another one (TAWASUL_DIRECTORY).",
            "شغّل البرنامج بمستخدم الخدمة، أو امنحه ملكية المجلد، أو حدّد مجلدًا آخر بالمتغيّر TAWASUL_DIRECTORY.",
        ),
        # Never the command for a folder above ours, which may be the whole system's.
        f'chown -R "$(id -un)" {quote(str(shown))}' if obstacle == shown else None,
    )


def key_files(directory: Path, certificate_key: Path | None = None) -> Iterator[Finding]:
    """Every file that holds a secret is for its owner alone, and ours have their 32 bytes. No file is opened."""
    files = sorted({path for pattern in KEYS for path in directory.rglob(pattern) if path.is_file()})
    if certificate_key is not None:
        files.append(certificate_key)
    mistakes = [finding for path in files for finding in _key_file(path)]
    yield from mistakes
    if not mistakes:
        yield ok(
            "key-files",
            Words(
                f"Key files ({len(files)}) are for their owner alone.", f"ملفات المفاتيح ({len(files)}) لمالكها وحده."
            ),
        )


def _key_file(path: Path) -> Iterator[Finding]:
    shown = path.absolute()
    try:
        status = path.stat()
    except OSError as error:
        yield wrong(
            "key-files",
            Words(f"{shown} cannot be read: {error.strerror}.", f"تعذّرت قراءة {shown}."),
            Words("Put the file back, or name the right one.", "أعد الملف إلى مكانه أو حدّد الملف الصحيح."),
        )
        return
    mode = stat.S_IMODE(status.st_mode)
    if mode & 0o077:
        yield wrong(
            "key-files",
            Words(
                f"Others may read the key file {shown} (mode {mode:04o}).",
                f"يستطيع آخرون قراءة ملف المفتاح {shown} (الصلاحيات {mode:04o}).",
            ),
            Words(
                "Close it; if others could really have read it, replace the key.",
                "أغلقه أمام غير مالكه، وإن كان من الممكن أن أحدًا قرأه فاستبدل المفتاح.",
            ),
            f"chmod 600 {quote(str(shown))}",
        )
    if path.name in SECRETS_OF_32_BYTES and status.st_size != 32:
        yield wrong(
            "key-files",
            Words(
                f"{shown} holds {status.st_size} bytes instead of 32.",
                f"في الملف {shown} عدد {status.st_size} بايت بدل 32.",
            ),
            Words("Put back the file that was there, from the backup.", "أعد الملف الأصلي من النسخة الاحتياطية."),
        )


def free_disk(directory: Path, *, too_little: int = 100 * MIB, little: int = 1024 * MIB) -> Finding:
    """Room for the database, in bytes: ``too_little`` is wrong, ``little`` a warning."""
    free = shutil.disk_usage(_nearest(directory)).free
    sentence = Words(f"{free // MIB} MiB are free for the data.", f"المساحة المتاحة للبيانات {free // MIB} ميبيبايت.")
    mend = Words("Make room, or put the data on another disk.", "وفّر مساحة أو انقل البيانات إلى قرص آخر.")
    if free < too_little:
        return wrong("disk", sentence, mend)
    return warning("disk", sentence, mend) if free < little else ok("disk", sentence)


def certificate(path: Path, now: datetime | None = None) -> Finding:
    """The certificate (PEM) that pages are served with is valid, and for a while yet."""
    from cryptography import x509

    try:
        ends = x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        return wrong(
            "certificate",
            Words(
                f"{path.absolute()} is no certificate that can be read.",
                f"الملف {path.absolute()} ليس شهادة صالحة للقراءة.",
            ),
            Words(
                "Name a PEM file in TAWASUL_SERVER__CERTIFICATE.", "حدّد ملفًا بصيغة PEM في TAWASUL_SERVER__CERTIFICATE."
            ),
        )
    left = ends - (now or datetime.now(UTC))
    sentence = Words(f"The certificate is valid until {ends:%Y-%m-%d}.", f"الشهادة صالحة حتى {ends:%Y-%m-%d}.")
    mend = Words("Have it renewed, then restart the service.", "جدّد الشهادة ثم أعد تشغيل الخدمة.")
    if left <= timedelta():
        ended = Words(f"The certificate ended on {ends:%Y-%m-%d}.", f"انتهت صلاحية الشهادة في {ends:%Y-%m-%d}.")
        return wrong("certificate", ended, mend)
    return warning("certificate", sentence, mend) if left < RENEW_WITHIN else ok("certificate", sentence)


def _nearest(path: Path) -> Path:
    """The path, or the nearest folder above it that exists."""
    return next(each for each in (path.absolute(), *path.absolute().parents) if each.exists())
