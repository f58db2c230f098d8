# What the service itself writes into cases.

case-heard-and-nothing-directed = سُمع ما عند صاحب الطلب في المجلس، ولم يستلزم توجيهًا.

# A case, as every page shows it.

case-number = رقم المعاملة
case-kind = نوعها
case-kind-audience = مقابلة
case-kind-petition = طلب
case-kind-suggestion = مقترح
case-kind-complaint = شكوى
case-opened = فُتحت
case-agency = الجهة
case-turn = عند من هي
case-turn-of = عند: { $owner }
case-due = المهلة إلى
case-contest-until = الاعتراض حتى
case-closed-on = أُغلقت
case-why = سبب الإغلاق
case-goes-on-as = تستمر برقم
case-on-agenda = في جدول الجلسة القادمة

case-state-received = جديدة
case-state-proposed = بانتظار إقرار صاحبها
case-state-referred = أُحيلت إلى الجهة
case-state-under-way = قيد العمل
case-state-asked = سألت عنها الجهة
case-state-answered = أُجيب عنها
case-state-contested = اعتُرض على إجابتها
case-state-closed = مغلقة

case-owner-desk = مكتب الاستقبال
case-owner-office = مكتب سمو الأمير
case-owner-agency = الجهة
case-owner-citizen = صاحب المعاملة
case-by-service = تلقائيًا
case-by = ‏{ $side }، { $name }
case-at = ‏{ $day }، { $time }

case-closed-accepted = قبِل صاحبها الإجابة
case-closed-unopposed = انتهت مهلة الاعتراض ولم يُعترض عليها
case-closed-withdrawn = سحبها صاحبها
case-closed-given-up = أُلغي الموعد الذي فُتحت له
case-closed-merged = ضُمّت إلى معاملة أخرى

case-due-today = مهلتها اليوم
case-due-tomorrow = مهلتها غدًا
case-due-days = { $days ->
    [zero] مهلتها اليوم
    [one] باقٍ يوم واحد
    [two] باقٍ يومان
    [few] باقٍ { $days } أيام
    [many] باقٍ { $days } يومًا
   *[other] باقٍ { $days } يوم
}
case-late = متأخرة
case-late-days = { $days ->
    [zero] متأخرة
    [one] متأخرة يومًا
    [two] متأخرة يومين
    [few] متأخرة { $days } أيام
    [many] متأخرة { $days } يومًا
   *[other] متأخرة { $days } يوم
}
case-late-new-day = { $days ->
    [zero] متأخرة، مُدّت إلى اليوم
    [one] متأخرة، مُدّت يومًا
    [two] متأخرة، مُدّت يومين
    [few] متأخرة، مُدّت { $days } أيام
    [many] متأخرة، مُدّت { $days } يومًا
   *[other] متأخرة، مُدّت { $days } يوم
}
case-may-contest-today = آخر يوم للاعتراض
case-may-contest = { $days ->
    [zero] آخر يوم للاعتراض
    [one] للاعتراض يوم واحد
    [two] للاعتراض يومان
    [few] للاعتراض { $days } أيام
    [many] للاعتراض { $days } يومًا
   *[other] للاعتراض { $days } يوم
}

case-urgency-routine = عادي
case-urgency-urgent = عاجل
case-urgency-immediate = فوري
case-directive-proposed = لم يُقرّه صاحبه بعد
case-directive-ratified = أقرّه صاحبه
case-directive-corrected = قال صاحبه إنه غير ذلك
case-directive-replaced = كُتب غيره
case-directive-to = إلى { $agency }، والإجابة قبل نهاية { $day }
case-correction = ما قال صاحبها إنه غير ذلك

case-entry-opened = فُتحت المعاملة
case-entry-heard = سُمع صاحبها في المجلس
case-entry-directed = كُتب التوجيه
case-entry-ratified = أقرّ صاحبها التوجيه وأُحيل
case-entry-corrected = قال صاحبها إن التوجيه غير ذلك
case-entry-referred = أُحيلت
case-entry-taken-on = تولّتها الجهة
case-entry-returned = أعادتها الجهة
case-entry-reassigned = حُوّلت إلى جهة أخرى
case-entry-asked = سألت الجهة
case-entry-replied = أُجيب سؤال الجهة
case-entry-reported = أُنجز بعضها
case-entry-answered = أُجيب عنها
case-entry-notified = أُبلغ صاحبها بالإجابة
case-entry-accepted = قبِل صاحبها الإجابة
case-entry-contested = اعترض صاحبها على الإجابة
case-entry-prolonged = مُدّت المهلة
case-entry-escalated = انتهت المهلة ورُفعت
case-entry-lapsed = انتهت مهلة الاعتراض وأُغلقت
case-entry-withdrawn = سحبها صاحبها
case-entry-merged = ضُمّت إلى معاملة أخرى
case-entry-given-up = أُغلقت لإلغاء موعدها
case-entry-taken-up-again = فُتحت من جديد

case-remaining-done = أُنجز
case-remaining-by = قبل نهاية { $day }

case-paper-petition = مع الطلب
case-paper-answer = مع إجابة الجهة
case-paper-reply = مع جواب السؤال
case-paper-open = فتح
case-paper-open-named = فتح { $name }
