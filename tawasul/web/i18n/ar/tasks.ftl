# What needs a person at the desk.

tasks-title = المهام
tasks-lead = ما يحتاج إلى اتصال أو نظر من موظف.
tasks-filter = ما يُعرض
tasks-filter-open = كل المفتوحة
tasks-filter-mine = مهامي
tasks-empty = لا توجد مهام الآن
tasks-empty-text = ستظهر هنا فور وجود ما يحتاج إليك.
tasks-done-today = أُنجز اليوم:
tasks-owner = تولّاها { $name }
tasks-owner-me = تولّيتها أنت
tasks-owner-none = لم يتولّها أحد
tasks-due = قبل { $day } { $time }
tasks-overdue = تأخرت
tasks-when = ‏{ $day }، { $time }
tasks-done-at = أُنجزت { $time }
tasks-take = أتولّاها
tasks-taken = تولّيت المهمة.
tasks-release = أعدها للجميع
tasks-released = عادت المهمة للجميع.
tasks-done = أُنجزت
tasks-done-title = هل أُنجزت المهمة؟
tasks-note = ملاحظة
tasks-was-done = أُنجزت المهمة.
tasks-undo = تراجع
tasks-undone = عادت المهمة مفتوحة.

task-tell-of-new-time = اتصل وأخبره بموعده الجديد
task-find-a-time = جد له موعدًا: فقد موعده ولا بديل بعد
task-tell-of-offer = اتصل واعرض عليه الوقت المتاح
task-tell-of-cancellation = اتصل وأخبره بإلغاء موعده
task-message-failed = لم تصل الرسالة: اتصل به
task-check-proof = تحقق من إثبات من يتحدث عنه
task-plan-home-visit = رتّب زيارة منزلية
task-ratify = اقرأ التوجيه على صاحبه وخذ إقراره
task-answer-question = أجب عن سؤال الجهة في معاملته
task-case-overdue = تأخرت معاملته: تابعها
