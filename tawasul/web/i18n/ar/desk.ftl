## مكتب الاستقبال

desk-title = مكتب الاستقبال
desk-work-title = خدمة مستفيد
desk-find-label = الاسم، أو رقم الهوية أو الإقامة، أو الجوال، أو رقم الموعد، أو مسح التذكرة
desk-find-hint = تُقبل الأرقام بالصورتين: ١٢٣ و123.
desk-find-neither = ليس هذا رقم هوية أو جوال أو موعد، ولا اسمًا. راجع ما كُتب.
desk-find-action = بحث
desk-find-other = بحث عن مستفيد آخر
desk-not-found = لم نجد مستفيدًا بهذه البيانات. سجّله ثم احجز له.
desk-id-ends = آخر أرقام الهوية
desk-mobile-ends = آخر أرقام الجوال
desk-register-title = تسجيل مستفيد
desk-name = الاسم
desk-name-hint = كما هو في الهوية.
desk-national-id = رقم الهوية أو الإقامة
desk-mobile = رقم الجوال
desk-register-action = تسجيل المستفيد
desk-book-title = حجز موعد
desk-venue = مكان المقابلة
desk-venue-kiosk = في مركز الاستقبال
desk-venue-own = من موقع المستفيد
desk-slot = الوقت
desk-slot-needed = اختر وقتًا.
desk-field-needed = هذا الحقل لازم.
desk-subject = الموضوع
desk-subject-hint = باختصار، كما يعرضه المستفيد. يراه مكتب سمو الأمير.
desk-book-action = حجز الموعد
desk-booked-title = حُجز الموعد
desk-reference = رقم الموعد
desk-booked-when = { $day }، الساعة { $time }
desk-link-label = رابط الدخول
desk-link-hint = يُرسل إلى المستفيد وحده. يعمل على أول جهاز يُفتح عليه.
desk-link-copy = نسخ
desk-link-copied = نُسخ الرابط.
desk-link-title = رابط دخول جديد
desk-link-new-text = أُلغي الرابط السابق. أرسل هذا إلى المستفيد.
desk-book-another = مستفيد آخر
desk-choose = وجدنا أكثر من مستفيد. اختر صاحب الهوية التي أمامك.
desk-own-location = من موقعه

desk-day-title = مواعيد الجلسة
desk-day-refresh = تحديث
desk-day-none = لا جلسة معلنة للمجلس.
desk-day-empty = لا مواعيد هنا
desk-day-empty-text = تظهر المواعيد هنا حال حجزها.
desk-filter = المواعيد المعروضة
desk-filter-open = الجارية
desk-filter-waiting = في الانتظار
desk-filter-all = الكل
desk-column-time = الوقت
desk-column-citizen = المستفيد
desk-column-actions = إجراءات

desk-arrive = تسجيل الحضور
desk-arrive-title = تسجيل الحضور
desk-arrive-text = اقرأ على المستفيد اسمه وآخر أرقام هويته، وتأكد من صورته.
desk-arrive-confirm = تسجيل الحضور
desk-arrived = سُجّل الحضور. المستفيد الآن في قاعة الانتظار.
desk-seen-legend = التحقق من الهوية
desk-seen-yes = شاهدتُ هويته الأصلية
desk-seen-yes-note = الاسم والرقم والصورة مطابقة
desk-seen-no = لم أشاهد هويته
desk-seen-no-note = يُعرض لمكتب سمو الأمير أنها مصرَّح بها فقط
desk-back = رجوع
desk-more = المزيد
desk-see-id = مشاهدة الهوية
desk-seen-done = حُفظت درجة التحقق من الهوية.
desk-undo-arrival = التراجع عن تسجيل الحضور
desk-undone = أُعيد الموعد كما كان.
desk-missed = لم يحضر
desk-missed-title = تسجيل عدم الحضور؟
desk-missed-text = يُغلق موعد { $name } ويُخلى وقته.
desk-missed-done = سُجّل عدم الحضور.
desk-cancel = إلغاء الموعد
desk-cancel-title = إلغاء الموعد؟
desk-cancel-text = يُلغى موعد { $name } ويُخلى وقته لغيره.
desk-cancelled = أُلغي الموعد.
desk-new-link = رابط دخول جديد

desk-nav = صفحات الاستقبال
desk-nav-waitlist = قائمة الانتظار
desk-nav-tasks = المهام
desk-nav-tasks-open = { $count ->
    [zero] لا مهام مفتوحة
    [one] مهمة مفتوحة واحدة
    [two] مهمتان مفتوحتان
    [few] { $count } مهام مفتوحة
    [many] { $count } مهمة مفتوحة
   *[other] { $count } مهمة مفتوحة
}
