"""Every problem the service can tell of: a stable code, an HTTP status (RFC 9457), a sentence in both languages.

The sentence says what is wrong and what to do; it never holds anything of the person's. A code once published does not
change its meaning. ``close`` is the WebSocket close code (RFC 6455 §7.4) where the line cannot go on.
"""

from __future__ import annotations

from tawasul.protocol.line_problems import LINE_ROWS
from tawasul.protocol.problem import Problem

_ROWS = (
    # What was typed or sent
    Problem(
        "invalid-input",
        422,
        "بعض ما أُدخل غير صحيح. راجع الحقول المشار إليها.",
        "Something entered is not right. Please check the marked fields.",
    ),
    Problem(
        "invalid-national-id",
        422,
        "رقم الهوية أو الإقامة غير صحيح. راجع الأرقام العشرة.",
        "The ID or iqama number is not right. Please check its ten digits.",
    ),
    Problem(
        "invalid-mobile",
        422,
        "رقم الجوال غير صحيح. اكتبه بالصورة 05XXXXXXXX.",
        "The mobile number is not right. Write it as 05XXXXXXXX.",
    ),
    Problem("invalid-text", 422, "النص فارغ أو أطول من المسموح.", "The text is empty or longer than allowed."),
    Problem(
        "invalid-date",
        422,
        "لا يوجد يوم بهذا التاريخ. راجع اليوم والشهر والسنة، هجرية كانت أم ميلادية.",
        "There is no such day. Check day, month and year, Hijri or Gregorian.",
    ),
    Problem(
        "days-backwards",
        422,
        "آخر المدة قبل أولها. اجعل اليوم الأول قبل الأخير.",
        "The days end before they begin. Let the first day come before the last.",
    ),
    Problem(
        "days-too-many",
        422,
        "المدة أطول من ثلاث سنوات. اختر مدة أقصر.",
        "That is more than three years. Choose a shorter time.",
    ),
    Problem(
        "invalid-case-number",
        422,
        "رقم المعاملة غير صحيح. راجعه كما طُبع: السنة ثم الرقم ثم رقم التحقق.",
        "The case number is not right. Check it as it is printed: year, number, check digit.",
    ),
    Problem(
        "due-date-passed",
        422,
        "يجب أن يكون تاريخ الاستحقاق بعد اليوم.",
        "The due date must be after today.",
    ),
    Problem(
        "receipt-not-valid",
        422,
        "هذا الإيصال ليس صادرًا من تواصل، أو غُيّر بعد صدوره.",
        "This receipt was not issued by Tawasul, or was changed afterwards.",
    ),
    Problem(
        "attachment-refused",
        422,
        "لا يُقبل هذا النوع من الملفات. المقبول: PDF، أو صورة JPEG أو PNG.",
        "Files of this kind are not taken. Taken are: PDF, and JPEG or PNG pictures.",
    ),
    Problem(
        "attachment-mistaken",
        422,
        "محتوى الملف غير ما يدل عليه اسمه. احفظه من جديد بنوعه الصحيح ثم أرفقه.",
        "The content of the file is not what its name says. Save it again as what it is, then attach it.",
    ),
    Problem(
        "attachment-broken",
        422,
        "الملف تالف أو ناقص، فلا يمكن قراءته كاملًا. صوّره أو احفظه من جديد.",
        "The file is damaged or incomplete and cannot be read to its end. Scan or save it again.",
    ),
    Problem(
        "attachment-locked",
        422,
        "الملف محمي بكلمة مرور. احفظ نسخة بلا كلمة مرور ثم أرفقها.",
        "The file wants a password. Save a copy without one, then attach that.",
    ),
    Problem(
        "attachment-active",
        422,
        "في الملف برمجة أو ملفات داخله، فلا يُقبل. اطبعه إلى PDF ثم أرفق النسخة المطبوعة.",
        "The file has a script or other files inside, and is not taken. Print it to PDF, then attach that copy.",
    ),
    Problem(
        "attachments-full",
        409,
        "بلغت المرفقات ثمانية ملفات، وهو أقصى عدد. احذف ملفًا، أو اجمع الأوراق في ملف واحد.",
        "There are eight files already, which is the most. Remove one, or put the papers into one file.",
    ),
    Problem(
        "attachment-not-kept",
        503,
        "تعذر حفظ الملف الآن. بقية البيانات محفوظة. أعد المحاولة، وأبلغ المسؤول التقني إن تكرر ذلك.",
        "The file could not be kept. All else is kept. Try again, and tell the technical staff if it repeats.",
    ),
    Problem(
        "attachment-too-large",
        413,
        "الملف أكبر من 10 ميغابايت. صوّره بدقة أقل أو قسّمه.",
        "The file is larger than 10 MB. Scan it at a lower resolution, or in parts.",
    ),
    Problem(
        "ticket-not-valid",
        422,
        "هذا الرمز ليس رمز تذكرة صادرة من هنا. امسحه مرة أخرى، أو اكتب رقم الموعد.",
        "This is not the code of a ticket of ours. Scan it again, or type the reference.",
    ),
    Problem("not-found", 404, "لم نجد ما تبحث عنه.", "We did not find what you are looking for."),
    Problem("method-not-allowed", 405, "هذا الطلب غير متاح هنا.", "That request cannot be made here."),
    Problem("too-large", 413, "حجم ما أُرسل أكبر من المسموح.", "What was sent is larger than allowed."),
    # Right in itself, not lawful now
    Problem(
        "slot-passed",
        409,
        "مضى وقت هذا الموعد. اختر موعدًا لاحقًا.",
        "This time is over. Please choose a later one.",
    ),
    Problem(
        "quota-reached",
        409,
        "بلغت المحافظة حصتها من هذه الجلسة، وما بقي محفوظ لغيرها. اختر جلسة أخرى، أو أضف المستفيد إلى قائمة الانتظار.",
        "This governorate has its share of the sitting; the rest is kept for others. Choose another, or the waitlist.",
    ),
    Problem(
        "too-early",
        409,
        "موعدك في يوم آخر لم يحن بعد. راجع تاريخ الموعد في تذكرتك، أو اسأل موظف الاستقبال.",
        "Your time is on another day, still to come. Look at the date on your ticket, or ask at the desk.",
    ),
    Problem(
        "hold-expired",
        409,
        "انتهت مدة حفظ الموعد. ما كتبته محفوظ؛ اختر الموعد مرة أخرى.",
        "The time was kept for a while, and the while is over. What you typed is still here; choose the time again.",
    ),
    Problem(
        "offer-over",
        409,
        "انتهى هذا العرض أو سبق الرد عليه.",
        "This offer is over, or has been answered.",
    ),
    Problem(
        "already-waiting",
        409,
        "المستفيد مسجل في قائمة الانتظار.",
        "This citizen is on the waitlist already.",
    ),
    Problem(
        "sittings-overlap",
        409,
        "توجد جلسة أخرى في هذا الوقت.",
        "Another sitting stands in that time.",
    ),
    Problem(
        "task-taken",
        409,
        "تولّى زميل هذه المهمة.",
        "A colleague has taken this task on.",
    ),
    Problem(
        "case-closed",
        409,
        "المعاملة مغلقة. لما بقي عندك افتح معاملة جديدة في أقرب مركز.",
        "The case is closed. For what remains, open a new case at the nearest centre.",
    ),
    Problem(
        "answered-already",
        409,
        "سبق الرد على هذه المعاملة، والرد معروض على المستفيد.",
        "The case has been answered already; the answer is with the citizen.",
    ),
    Problem(
        "notice-not-given",
        409,
        "لا تُغلق المعاملة قبل إشعار المستفيد وانقضاء المهلة.",
        "A case is not closed before the citizen has been told and the time is over.",
    ),
    Problem(
        "directive-settled",
        409,
        "سبق التصديق على هذا التوجيه أو تعديله.",
        "This directive has been ratified or changed already.",
    ),
    Problem(
        "agency-closed",
        409,
        "لا تُحال معاملات إلى هذه الجهة. اختر جهة أخرى.",
        "Nothing is referred to this agency any more. Choose another.",
    ),
    Problem("conflict", 409, "لا يمكن ذلك في الوضع الحالي.", "That is not possible as things stand."),
    Problem(
        "unlawful-transition",
        409,
        "تغيّرت الحال في هذه الأثناء، فلم تعد هذه الخطوة ممكنة.",
        "Things have moved on meanwhile, so that step is no longer possible.",
    ),
    Problem(
        "slot-taken",
        409,
        "حُجز هذا الموعد قبل لحظات. اختر موعدًا آخر.",
        "This time was taken a moment ago. Please choose another.",
    ),
    Problem(
        "slot-not-offered",
        409,
        "هذا الوقت غير متاح للحجز. اختر موعدًا من القائمة.",
        "This time cannot be booked. Please choose one from the list.",
    ),
    Problem(
        "already-registered",
        409,
        "هذا المستفيد مسجَّل من قبل. ابحث عنه برقم الهوية.",
        "This person is registered already. Search by the ID number.",
    ),
    Problem(
        "already-booked",
        409,
        "لهذا المستفيد موعد قائم في هذه الجلسة.",
        "This person has a booking in this sitting already.",
    ),
    Problem("kiosk-busy", 409, "الكشك في مكالمة أخرى.", "The kiosk is in another call."),
    Problem(
        "office-busy",
        409,
        "أنهِ المقابلة الحالية واكتب نتيجتها قبل دعوة التالي.",
        "Finish the present audience and write its outcome before calling the next.",
    ),
    Problem(
        "venue-not-connected",
        409,
        "لا اتصال بمكان المستفيد الآن. مكانه في الانتظار محفوظ.",
        "There is no line to where the citizen is. The place in the queue is kept.",
    ),
    Problem(
        "stale",
        409,
        "غيّر شخص آخر هذا السجل قبل لحظات. راجع الحال ثم أعد المحاولة.",
        "Somebody else changed this a moment ago. Look again, then repeat.",
    ),
    # Who may come in
    Problem("refused", 403, "ليس لك إذن بهذا.", "You are not allowed to do this."),
    Problem("not-signed-in", 401, "سجّل الدخول أولًا.", "Please sign in first.", close=4401),
    Problem(
        "wrong-password", 401, "اسم المستخدم أو كلمة المرور غير صحيحة.", "The user name or the password is not right."
    ),
    Problem(
        "too-many-attempts",
        429,
        "محاولات كثيرة. انتظر قليلًا ثم أعد المحاولة.",
        "Too many tries. Please wait a little and try again.",
    ),
    Problem(
        "link-not-valid",
        403,
        "هذا الرابط غير صالح. اطلب رابطًا جديدًا من مركز الاستقبال.",
        "This link is not valid. Please ask the reception centre for a new one.",
        close=4403,
    ),
    Problem(
        "link-expired",
        403,
        "انتهت مدة هذا الرابط. اطلب رابطًا جديدًا من مركز الاستقبال.",
        "This link has run out. Please ask the reception centre for a new one.",
        close=4403,
    ),
    Problem(
        "link-used-elsewhere",
        403,
        "فُتح هذا الرابط على جهاز آخر. استعمل ذلك الجهاز، أو اطلب رابطًا جديدًا.",
        "This link was opened on another device. Use that device, or ask for a new link.",
        close=4403,
    ),
    Problem(
        "cross-site",
        403,
        "رُفض الطلب لأنه لم يأتِ من صفحات تواصل.",
        "The request was refused because it did not come from Tawasul's own pages.",
        close=4403,
    ),
    Problem(
        "csrf",
        403,
        "انتهت صلاحية الصفحة. أعد تحميلها ثم حاول مرة أخرى.",
        "The page is out of date. Reload it and try again.",
    ),
    Problem(
        "kiosk-not-recognised",
        403,
        "لم يُتعرَّف على هذا الكشك. يُراجَع تسجيله لدى الإدارة.",
        "This kiosk is not recognised. Its registration has to be checked.",
        close=4403,
    ),
)

PROBLEMS: dict[str, Problem] = {row.code: row for row in (*_ROWS, *LINE_ROWS)}
"""By code."""


def problem(code: str) -> Problem:
    """The row of ``code``; that of ``internal`` for a code nobody published."""
    return PROBLEMS.get(code, PROBLEMS["internal"])
