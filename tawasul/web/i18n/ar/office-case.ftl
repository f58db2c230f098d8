# وحدة المكتب: إلى أي جهة يذهب التوجيه، وبطاقة صاحب الدور.

office-nav = صفحات المكتب
office-nav-follow-through = المتابعة

office-wording = صيغة جاهزة
office-wording-none = اختر صيغة ثم عدّلها
office-agency = الجهة
office-agency-search = ابحث باسم الجهة
office-agency-unknown = اختر الجهة من القائمة.
office-agency-none = لا جهة بهذا الاسم
office-agency-found = { $count ->
    [zero] لا جهة بهذا الاسم
    [one] جهة واحدة
    [two] جهتان
    [few] { $count } جهات
    [many] { $count } جهة
   *[other] { $count } جهة
}
office-urgency = الأولوية
office-due = الإجابة قبل نهاية يوم
office-due-quick = أيام قريبة
office-due-week = أسبوع
office-due-fortnight = أسبوعان
office-due-month = شهر
office-due-passed = اختر يومًا بعد اليوم.
office-due-hint = { $days ->
    [zero] إن تُرك فارغًا: مهلة الجهة المعتادة
    [one] إن تُرك فارغًا: مهلة الجهة المعتادة، يوم عمل واحد
    [two] إن تُرك فارغًا: مهلة الجهة المعتادة، يوما عمل
    [few] إن تُرك فارغًا: مهلة الجهة المعتادة، { $days } أيام عمل
    [many] إن تُرك فارغًا: مهلة الجهة المعتادة، { $days } يوم عمل
   *[other] إن تُرك فارغًا: مهلة الجهة المعتادة، { $days } يوم عمل
}
office-key-conclude = حفظ التوجيه، من أي حقل في النتيجة
office-key-card = فتح بطاقة المعاملة أو إخفاؤها

office-card-open = المعاملة
office-card-open-next = معاملة التالي
office-card-close = إخفاء البطاقة
office-card-next = التالي
office-card-loading = تُفتح المعاملة…
office-card-again = أعد المحاولة
office-card-petition = نص الطلب
office-card-papers = المرفقات
office-card-before = ما سبق في هذه المعاملة
office-card-earlier = معاملاته الأخرى
office-card-answer = الإجابة
office-card-nothing = لا توجيه سابقًا.
office-papers-elsewhere = تُفتح المرفقات من صفحات الخدمة، لا من هذه الوحدة.
