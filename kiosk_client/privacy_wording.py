"""What each cause that ends a call, because nobody can say that it is private, means to people (docs/end-to-end.md).

A kiosk shows its own sentence for each; a person can read it out to those who look after the kiosk.
"""

from __future__ import annotations

from kiosk_client.sentence import Sentence

_MIDDLE = "قد يكون أحدٌ بين الطرفين"

BECAUSE: dict[str, Sentence] = {
    # A key or a name
    "key-malformed": Sentence("مفتاح أحد الطرفين تالف.", "A key of one of the two ends cannot be used."),
    "key-password-wrong": Sentence("كلمة سر ملف المفتاح غير صحيحة.", "The key file's password is wrong."),
    "name-malformed": Sentence("اسم أحد الأجهزة غير مقبول.", "A device's name is not a valid one."),
    # The messages of the handshake
    "seal-malformed": Sentence("وصلت رسالة إثبات تالفة.", "A malformed message came in place of a proof."),
    "seal-too-large": Sentence("وصلت رسالة إثبات أكبر من المسموح.", "A message of the proof was larger than allowed."),
    "seal-out-of-order": Sentence("وصلت رسائل الإثبات بغير ترتيبها.", "The messages of the proof came out of order."),
    "seal-repeated": Sentence("أُعيد إرسال رسالة إثبات سبقت.", "A message of the proof was sent a second time."),
    "signature-wrong": Sentence(f"توقيع الطرف الآخر غير صحيح؛ {_MIDDLE}.", "The other end's signature is wrong."),
    "version-unknown": Sentence("إصدار برنامج الطرف الآخر مختلف.", "The other end's program is of another version."),
    "session-wrong": Sentence("وصل إثبات يخص مكالمة أخرى.", "The proof that came belongs to another call."),
    "handshake-stale": Sentence(
        "الإثبات قديم، أو ساعة أحد الجهازين غير مضبوطة.", "The proof is too old, or the clock of a device is wrong."
    ),
    "role-wrong": Sentence("ادّعى الطرف الآخر صفة ليست له.", "The other end claimed the wrong side of the call."),
    "not-for-us": Sentence("الإثبات موجَّه إلى غيرنا.", "The proof that came was made for somebody else."),
    "key-mismatch": Sentence(
        "وقّع الطرف الآخر بمفتاح غير الذي في شهادته.", "The other end signed with another key than its certificate's."
    ),
    "reflected": Sentence("أُعيد إلينا إثباتنا نحن.", "Our own proof was sent back to us."),
    "transcript-wrong": Sentence("الجواب لا يطابق ما أرسلناه.", "The answer belongs to another beginning than ours."),
    "key-share-wrong": Sentence("تعذّر الاتفاق على مفاتيح المكالمة.", "The keys of the call could not be agreed."),
    "commitment-broken": Sentence(
        f"بدّل الطرف الآخر ما التزم به؛ {_MIDDLE}.", "The other end did not keep to what it had committed itself to."
    ),
    "confirmation-wrong": Sentence(
        f"مفاتيح الطرفين مختلفة؛ {_MIDDLE}.", "The two ends do not have the same keys: somebody may be in the middle."
    ),
    "handshake-late": Sentence("لم يكتمل الإثبات في وقته.", "The proof was not completed in time."),
    "certificate-in-use-wrong": Sentence(
        f"الاتصال ليس مع الجهاز الذي أثبت هويته؛ {_MIDDLE}.",
        "The connection is not with the device that proved itself: somebody may be in the middle.",
    ),
    "fingerprint-missing": Sentence("وصف الاتصال بلا بصمة.", "A connection was described without its fingerprint."),
    "refused-by-other": Sentence("لم يقبل الطرف الآخر الإثبات.", "The other end did not accept the proof."),
    # Certificates
    "certificate-malformed": Sentence("شهادة الطرف الآخر تالفة.", "The other end's certificate is malformed."),
    "certificate-too-large": Sentence("شهادة الطرف الآخر كبيرة جدًّا.", "The other end's certificate is too large."),
    "certificate-expired": Sentence("شهادة الطرف الآخر منتهية.", "The other end's certificate has expired."),
    "certificate-not-yet-valid": Sentence(
        "شهادة الطرف الآخر لم تبدأ بعد، أو الساعة غير مضبوطة.",
        "The other end's certificate is not valid yet, or a clock is wrong.",
    ),
    "certificate-revoked": Sentence("شهادة الطرف الآخر ملغاة.", "The other end's certificate was revoked."),
    "chain-wrong": Sentence(
        "شهادة الطرف الآخر ليست من هذه المنطقة.", "The other end's certificate was not issued by this region."
    ),
    "certificate-role-wrong": Sentence(
        "شهادة الطرف الآخر لصفة أخرى.", "The other end's certificate is for another role."
    ),
    "certificate-place-wrong": Sentence(
        "شهادة الطرف الآخر لمكان آخر.", "The other end's certificate is for another place."
    ),
    "certificate-missing": Sentence("تنقص شهادة أحد الطرفين.", "One of the two ends has no certificate."),
    # The revocation list
    "revocations-missing": Sentence(
        "لا توجد قائمة الشهادات الملغاة.", "The list of revoked certificates could not be had."
    ),
    "revocations-stale": Sentence("قائمة الشهادات الملغاة قديمة.", "The list of revoked certificates is out of date."),
    "revocations-rolled-back": Sentence(
        "قائمة الشهادات الملغاة أقدم من سابقتها.", "The list of revoked certificates is older than one seen before."
    ),
    "revocations-wrong": Sentence(
        "قائمة الشهادات الملغاة غير صحيحة.", "The list of revoked certificates is not the region's."
    ),
    # While the call runs
    "rekey-late": Sentence("لم تُجدَّد مفاتيح المكالمة في وقتها.", "The call's keys were not renewed in time."),
    "rekey-wrong": Sentence(f"تجديد المفاتيح غير صحيح؛ {_MIDDLE}.", "The renewal of the call's keys was not right."),
    "frame-key-unknown": Sentence("وصل ما لا مفتاح له.", "Sound or picture came for which there is no key."),
    "frame-wrong-sender": Sentence("وصل ما ليس من الطرف الآخر.", "Sound or picture came that is not the other end's."),
    "frame-forged": Sentence(f"وصل ما ليس أصيلًا؛ {_MIDDLE}.", "Sound or picture came that is not genuine."),
    "frame-replayed": Sentence("أُعيد إرسال ما سبق.", "Sound or picture came a second time."),
    "frame-malformed": Sentence("وصل ما لا يُقرأ.", "Sound or picture came that cannot be read."),
    "phrase-differs": Sentence(
        f"الرقمان مختلفان عند الطرفين؛ {_MIDDLE}.",
        "The two ends do not show the same phrase: somebody may be in the middle.",
    ),
    "too-many-tries": Sentence(
        f"تكررت المحاولات دون مقارنة الأرقام؛ {_MIDDLE}.",
        "The call was made again and again, and nobody compared the phrase.",
    ),
    # Papers
    "attestation-malformed": Sentence("سجل المكالمة الموقَّع تالف.", "The call's attestation is malformed."),
    "attestation-disagrees": Sentence("سجلّا الطرفين مختلفان.", "The attestations of the two ends disagree."),
    "enrolment-malformed": Sentence("طلب التسجيل تالف.", "The enrolment's message is malformed."),
    "enrolment-stale": Sentence(
        "طلب التسجيل قديم، أو الساعة غير مضبوطة.", "The enrolment's message is too old, or the clock is wrong."
    ),
    "enrolment-name-wrong": Sentence("لا يُسجَّل إلا مكتب أو كشك.", "Only an office or a kiosk can be enrolled."),
}

_ENDED = Sentence(
    "أُنهيت المقابلة حفاظًا على خصوصيتك. مكانك محفوظ.",
    "The audience was ended, because its privacy could not be proven. Your place is kept.",
)


def not_private(code: str | None) -> Sentence:
    """What is said when a call was ended because it could not be proven private; with the cause where it is known."""
    because = BECAUSE.get(code or "")
    if because is None:
        return _ENDED
    return Sentence(f"{_ENDED.arabic} {because.arabic}", f"{_ENDED.english} {because.english}")
