"""The problems of lines (WebSocket), of the way to the issuer and of the office's own console: rows of ``problems``."""

from __future__ import annotations

from typing import Final

from tawasul.protocol.problem import Problem

LINE_ROWS: Final = (
    # On the line (WebSocket)
    Problem("malformed", 400, "وصلت رسالة لا يمكن فهمها.", "A message came that cannot be read."),
    Problem("unknown-message", 400, "وصلت رسالة من نوع غير معروف.", "A message came of a kind that is not known."),
    Problem("out-of-order", 400, "وصلت رسالة في غير موضعها.", "A message came that does not belong at this point."),
    Problem(
        "not-for-this-endpoint", 403, "هذه الرسالة ليست من حق هذا الطرف.", "This endpoint may not send that message."
    ),
    Problem("message-too-large", 413, "الرسالة أكبر من المسموح.", "The message is larger than allowed.", close=1009),
    Problem("too-many-messages", 429, "رسائل كثيرة في وقت قصير.", "Too many messages in too short a time.", close=4429),
    Problem(
        "too-many-problems",
        400,
        "تكررت الرسائل الخاطئة، فأُغلق الخط.",
        "Too many wrong messages: the line is closed.",
        close=4400,
    ),
    Problem(
        "protocol-version",
        400,
        "إصدار هذه الصفحة قديم. أعد تحميلها.",
        "This page is of an old version. Please reload it.",
        close=4400,
    ),
    Problem("hello-expected", 400, "لم يصل التعريف في وقته.", "The greeting did not come in time.", close=4408),
    Problem(
        "replaced",
        409,
        "فُتحت هذه الصفحة في مكان آخر، فتوقفت هنا.",
        "This was opened elsewhere, so it has stopped here.",
        close=4409,
    ),
    Problem("no-such-call", 409, "هذه المكالمة انتهت.", "That call is over."),
    Problem(
        "unavailable",
        503,
        "الخدمة غير متاحة الآن. تُعاد المحاولة تلقائيًا.",
        "The service is not available at the moment. It will be tried again by itself.",
        close=1013,
    ),
    # The way to the issuer of the devices' certificates
    Problem(
        "trust-not-set-up",
        503,
        "لم تُهيَّأ شهادات الأجهزة في هذه الخدمة. أبلغ المسؤول التقني.",
        "Certificates of devices are not set up in this service. Tell the technical staff.",
    ),
    Problem(
        "issuer-away",
        502,
        "لا تجيب جهة إصدار الشهادات الآن. أعد المحاولة بعد قليل.",
        "The issuer of certificates does not answer at the moment. Please try again shortly.",
    ),
    # The office's own console (`tawasul office`), of the server behind it
    Problem(
        "server-away",
        502,
        "لا يجيب الخادم الآن. تُعاد المحاولة تلقائيًا.",
        "The server does not answer at the moment. It will be tried again by itself.",
    ),
    Problem(
        "server-other-version",
        502,
        "إصدار الخادم غير إصدار هذا البرنامج. ثبّت على هذا الجهاز الإصدار نفسه.",
        "The server is of another version than this program. Install the same version on this machine.",
        close=4400,
    ),
    Problem(
        "server-answer-refused",
        502,
        "أجاب الخادم بما ليس من لغة البرنامج، فرُفض جوابه. أبلغ المسؤول التقني.",
        "The server answered what is not of the protocol, so the answer was refused. Tell the technical staff.",
    ),
    Problem(
        "busy",
        503,
        "الخدمة مزدحمة الآن، ولم يُحفظ شيء مما أُرسل. أعد المحاولة بعد قليل.",
        "The service is very busy at the moment, and nothing of what was sent was kept. Please try again shortly.",
    ),
    Problem(
        "internal",
        500,
        "حدث خلل غير متوقع. لم يضع شيء مما حُفظ. أعد المحاولة.",
        "Something unexpected went wrong. Nothing saved was lost. Please try again.",
        close=1011,
    ),
)
