## مكتب الاستقبال: البحث وبطاقة المستفيد

desk-found = المستفيد: { $name }
desk-choose-more = يوجد غيرهم. أكمل الاسم أو اكتب رقم الهوية.
desk-choose-none = ليس بينهم: تسجيل مستفيد
desk-book-more = حجز موعد آخر
desk-past = المواعيد السابقة
desk-on-waitlist = في قائمة الانتظار: { $days }
desk-elsewhere = { $count ->
    [zero] لا مواعيد لدى مكاتب أخرى
    [one] موعد واحد لدى مكتب آخر
    [two] موعدان لدى مكاتب أخرى
    [few] { $count } مواعيد لدى مكاتب أخرى
    [many] { $count } موعدًا لدى مكاتب أخرى
   *[other] { $count } موعد لدى مكاتب أخرى
}
desk-correct = تغيير رقم الجوال
desk-mobile-new = رقم الجوال الجديد
desk-save = حفظ
desk-corrected = حُفظ رقم الجوال.

## الحجز: المكان والوقت

desk-venue-person = حضوريًا في الجلسة
desk-centre = مركز الاستقبال
desk-centres-other = مراكز المحافظات الأخرى
desk-kiosk-at = ‏{ $kiosk }، { $centre }
desk-nearest = أقرب مركز
desk-nearest-town = المدينة أو القرية أو الحي
desk-kilometres = { $kilometres ->
    [zero] أقل من كيلومتر
    [one] كيلومتر واحد
    [two] كيلومتران
    [few] { $kilometres } كيلومترات
    [many] { $kilometres } كيلومترًا
   *[other] { $kilometres } كيلومتر
}
desk-town-unknown = لا نعرف مكانًا بهذا الاسم. اكتب أقرب مدينة إليه.
desk-none-free = لا وقت متاح قريبًا
desk-times = اليوم والوقت
desk-day = اليوم
desk-times-earlier = الأسبوعان السابقان
desk-times-later = الأسبوعان التاليان
desk-free = { $free ->
    [zero] لا شيء
    [one] وقت
    [two] وقتان
    [few] { $free } أوقات
    [many] { $free } وقتًا
   *[other] { $free } وقت
}
desk-free-times = { $free ->
    [zero] لا وقت متاح
    [one] وقت واحد متاح
    [two] وقتان متاحان
    [few] { $free } أوقات متاحة
    [many] { $free } وقتًا متاحًا
   *[other] { $free } وقت متاح
}
desk-full = ممتلئ
desk-closed = مغلق
desk-no-sitting = لا جلسة
desk-day-full = اكتملت مواعيد هذا اليوم
desk-day-quota = بلغت المحافظة حصتها من هذه الجلسة
desk-why-no-sitting = لا جلسة للمجلس في هذا اليوم
desk-why-closed = المكان مغلق في هذا اليوم
desk-why-holiday = إجازة
desk-why-blackout = أُوقف الاستقبال في هذا اليوم
desk-first-free = أول وقت متاح: { $day }
desk-pause = صلاة { $prayer }، يُستأنف الساعة { $until }
desk-alternatives = أوقات قريبة منه:
desk-alternative = ‏{ $day } { $time } – { $place }

prayer-fajr = الفجر
prayer-dhuhr = الظهر
prayer-jumuah = الجمعة
prayer-asr = العصر
prayer-maghrib = المغرب
prayer-isha = العشاء

## الوقت المحفوظ

desk-held = الوقت محفوظ لك
desk-held-left = باقٍ
desk-held-longer = مدّد الحفظ
desk-held-longer-done = مُدّد حفظ الوقت.
desk-held-other = وقت آخر
desk-held-soon = بقيت دقيقة واحدة على انتهاء حفظ الوقت.
desk-held-over = انتهت مدة حفظ الوقت. ما كتبته باقٍ كما هو؛ اختر الوقت مرة أخرى.

## من يحضر، وماذا معه

desk-who = من يحضر
desk-who-alone = المستفيد نفسه
desk-who-representative = وكيل أو ولي
desk-who-group = مجموعة
desk-representative-name = اسم الوكيل أو الولي
desk-relation = الصفة
desk-relation-agent = وكيل شرعي
desk-relation-guardian = ولي أو وصي
desk-relation-parent = والد أو والدة
desk-relation-spouse = زوج أو زوجة
desk-relation-child = ابن أو ابنة
desk-relation-lawyer = محامٍ
desk-proof = الإثبات
desk-proof-power = وكالة شرعية
desk-proof-guardianship = صك ولاية
desk-proof-family = سجل الأسرة
desk-proof-licence = رخصة محاماة
desk-proof-number = رقم الإثبات
desk-proof-seen = شاهدتُ أصل الإثبات
desk-group-name = اسم المجموعة أو القبيلة أو القرية
desk-group-size = عددهم
desk-priority = أولوية
desk-petition-more = نص المعروض ومرفقاته ولغة الرسائل
desk-petition = المعروض
desk-language = لغة الرسائل إلى المستفيد
desk-files-add = إضافة مرفق
desk-files-hint = ملف PDF أو صورة، إلى 10 ميغابايت، وبحد أقصى ثمانية.
desk-files = المرفقات
desk-files-title = مرفقات المعروض
desk-files-of = { $name }، رقم الموعد { $reference }
desk-file-kind = لا يُقبل الملف { $name }. المقبول: PDF أو JPEG أو PNG.
desk-file-large = الملف { $name } أكبر من 10 ميغابايت.
desk-file-most = لا يُقبل أكثر من ثمانية ملفات؛ لم يُضف { $name }.
desk-file-chosen = يُرفع بعد الحجز
desk-file-sending = جارٍ الرفع
desk-file-kept = رُفع الملف { $name }.
desk-file-again = إعادة المحاولة
desk-file-open = فتح
desk-file-remove = إزالة
desk-file-remove-named = إزالة { $name }

## بلا موعد، وقائمة الانتظار، ونقل الموعد

desk-walk-in = استقبال الآن بلا موعد
desk-walk-in-text = يأخذ المستفيد دوره بين أصحاب المواعيد، ولا يتأخر بذلك صاحب موعد حضر في وقته.
desk-walk-in-action = تسجيل حضوره الآن
desk-walk-in-done = سُجّل حضوره بلا موعد
desk-walk-in-turn = دوره { $position }، قرابة الساعة { $time }
desk-walk-in-turn-if-time = دوره { $position }، إن بقي وقت في هذه الجلسة
desk-walk-in-mark = بلا موعد
desk-wait = إضافة إلى قائمة الانتظار
desk-wait-text = يُعرض عليه أول وقت يتاح برسالة، بحسب ترتيبه.
desk-wait-action = إضافة إلى القائمة
desk-wait-done = أُضيف إلى قائمة الانتظار
desk-wait-position = ترتيبه في القائمة { $position }
desk-wait-offered = عُرض عليه { $day }، الساعة { $time }
desk-wait-until = ينتظر إلى
desk-wait-two-weeks = أسبوعين
desk-wait-month = شهر
desk-wait-three-months = ثلاثة أشهر
desk-untimed-other = اختيار وقت بدلًا منه
desk-move = نقل الموعد
desk-move-title = نقل الموعد
desk-move-from = الموعد { $reference }: { $when }
desk-move-action = نقل الموعد
desk-moved = نُقل الموعد

## التذكرة والقائمة

desk-ticket-80 = طباعة التذكرة
desk-ticket-a4 = طباعة على A4
desk-ticket-pdf = ملف PDF
desk-export = تصدير
desk-export-print = طباعة القائمة
desk-export-pdf = ملف PDF
desk-export-xlsx = جدول Excel
desk-export-csv = ملف CSV
desk-sitting = الجلسة
desk-order = الدور { $order }
desk-more-of = المزيد من الإجراءات: { $name }
desk-party-representative = يحضر عنه { $name }
desk-party-group = { $name }، { $size ->
    [zero] لا أحد
    [one] شخص واحد
    [two] شخصان
    [few] { $size } أشخاص
    [many] { $size } شخصًا
   *[other] { $size } شخص
}
desk-papers = { $count ->
    [zero] لا مرفقات
    [one] مرفق واحد
    [two] مرفقان
    [few] { $count } مرفقات
    [many] { $count } مرفقًا
   *[other] { $count } مرفق
}
desk-because = السبب
desk-because-citizen = لم يحضر المستفيد
desk-because-office = تعذّر من جهة المجلس
desk-because-technical = عطل تقني
desk-because-rebook = يُحجز له موعد آخر قبل غيره
desk-reinstate = إعادة الموعد كما كان
desk-rebook = حجز موعد آخر له
desk-undo = تراجع

## لوحة المفاتيح

desk-keys = لوحة المفاتيح
desk-keys-title = العمل بلوحة المفاتيح
desk-keys-text = تعمل هذه المفاتيح بمواضعها في أي لغة، وأنت لا تكتب في حقل.
desk-key-find = إلى البحث
desk-key-enter = حفظ الوقت المختار، ثم الحجز، ثم المستفيد التالي
desk-key-escape = خطوة إلى الوراء
desk-key-book = إلى الحجز: الأسهم بين الأوقات، وPage Up وPage Down بين الأيام
desk-key-day = إلى قائمة الجلسة
desk-key-help = هذه الصفحة
desk-keys-on = تعمل المفاتيح المفردة
