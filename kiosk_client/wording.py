"""What a kiosk's state means, in a plain sentence of each language."""

from __future__ import annotations

from kiosk_client.core.kiosk_events import Enrolment, KioskState, View
from kiosk_client.privacy_wording import not_private
from kiosk_client.sentence import Sentence

_STATES = {
    KioskState.CONNECTING: Sentence("جارٍ الاتصال بالخدمة.", "Connecting to the service."),
    KioskState.UNENROLLED: Sentence(
        "هذا الكشك غير مسجَّل بعد. يسجّله المسؤول بمفتاحه.", "This kiosk is not registered yet. Staff register its key."
    ),
    KioskState.IDLE: Sentence("الكشك جاهز، ولا أحد ينتظر عليه.", "Ready. Nobody is waiting at this kiosk."),
    KioskState.CALLED_IN: Sentence("تفضّل، حان دورك. جارٍ الوصل بالمكتب.", "It is your turn. Connecting to the office."),
    KioskState.IN_CALL: Sentence("المقابلة جارية.", "In the audience."),
    KioskState.RECONNECTING: Sentence(
        "انقطع الصوت والصورة. يُعاد الوصل تلقائيًا، فابقَ مكانك.",
        "Sound and picture were lost. They are being restored; please stay.",
    ),
}

_ENDINGS = {
    "office-hung-up": Sentence("انتهت المقابلة من جهة المكتب.", "The office has ended the audience."),
    "citizen-hung-up": Sentence("أنهيتَ المقابلة.", "You have ended the audience."),
    "concluded": Sentence("انتهت المقابلة، ودُوِّنت نتيجتها. شكرًا لك.", "The audience is concluded. Thank you."),
    "no-answer": Sentence("لم يكتمل الوصل. مكانك محفوظ.", "The connection was not made. Your place is kept."),
    "lost": Sentence("تعذّرت إعادة الوصل. مكانك محفوظ.", "The connection was lost. Your place is kept."),
    "taken-back": Sentence("أُجِّل النداء قليلًا. مكانك محفوظ.", "The call was taken back. Your place is kept."),
    "call-unknown": Sentence("انتهت المقابلة.", "The audience is over."),
}

_LINE_LOST = Sentence(
    "يُعاد الاتصال بالخدمة، والمقابلة مستمرة.", "The line to the service is being restored; the audience goes on."
)


def sentence(view: View) -> Sentence:
    """The sentence for a view."""
    if view.state is KioskState.ENDED and view.because == "not-private":
        return not_private(view.privacy)
    if view.state is KioskState.ENDED:
        return _ENDINGS.get(view.because or "", _ENDINGS["call-unknown"])
    if view.state is KioskState.UNENROLLED and view.enrolment is not None and view.line:
        return _unenrolled(view.enrolment)
    if view.state is KioskState.WAITING:
        return _waiting(view)
    if view.state is KioskState.IN_CALL and not view.line:
        return _LINE_LOST
    return _STATES[view.state]


def _unenrolled(enrolment: Enrolment) -> Sentence:
    if not enrolment.reached:
        return Sentence(
            f"هذا الكشك بلا شهادة، وجهة الإصدار لا تجيب بعد. رمزه {enrolment.code}.",
            f"This kiosk has no certificate, and the issuer does not answer yet. Its code is {enrolment.code}.",
        )
    return Sentence(
        f"هذا الكشك بلا شهادة بعد. يعتمده أمينان، ورمزه {enrolment.code}. الموافقات: {enrolment.approvals} من 2.",
        f"This kiosk has no certificate yet. Two stewards approve it; its code is {enrolment.code}. "
        f"Approvals: {enrolment.approvals} of 2.",
    )


def _waiting(view: View) -> Sentence:
    first = min((entry.position for entry in view.entries if entry.position), default=None)
    if first is None:
        return Sentence("سُجِّل حضورك. تفضّل بالانتظار.", "You are checked in. Please wait.")
    return Sentence(f"سُجِّل حضورك، وترتيبك {first}. تفضّل بالانتظار.", f"You are checked in, number {first}. Please wait.")
