# The office plans its time.

planning-title = تخطيط المواعيد
planning-office = المجلس
planning-sittings = الجلسات
planning-closures = الزيارات والإغلاق
planning-days = العطل ورمضان
planning-centres = المراكز
planning-earlier = الأسابيع السابقة
planning-later = الأسابيع التالية
planning-range = من { $from } إلى { $to }
planning-sittings-empty = لا توجد جلسات في هذه الأسابيع
planning-sittings-empty-text = أضف جلسة من النموذج، فتُفتح مواعيدها للحجز.
planning-sitting-add = أضف جلسة
planning-sitting-added = أضيفت الجلسة.
planning-sitting-removed = أزيلت الجلسة.
planning-sitting-back = عادت الجلسة.
planning-sitting-booked = في هذه الجلسة مواعيد محجوزة، فلا تُزال. لتفريغ وقتها سجّل زيارة أو إغلاقًا.
planning-from = من يوم
planning-to = إلى يوم
planning-weekdays = أيام الأسبوع
planning-weekdays-hint = تُؤخذ حين تكتب يومًا أخيرًا: الجلسة نفسها في هذه الأيام، عدا العطل.
planning-weekday-needed = اختر يومًا واحدًا على الأقل.
planning-opens = تبدأ
planning-closes = تنتهي
planning-slot = مدة الموعد بالدقائق
planning-buffer = فاصل بين المواعيد بالدقائق
planning-receiver = يستقبل
planning-receiver-amir = سمو الأمير
planning-receiver-deputy = سمو النائب
planning-quota = حصة كل محافظة
planning-quota-hint = أكثر ما تحجزه محافظة واحدة حتى اليوم السابق للجلسة.
planning-times = من { $from } إلى { $to }
planning-quota-of = الحصة { $count }
planning-filled = محجوز { $booked } من { $slots }
planning-remove = إزالة
planning-number = اكتب رقمًا.
planning-closures-lead = حين يُشغل وقت سموه أو يُغلق مركز: يظهر لك أولًا من يتأثر وإلى أين يُنقل موعده، ثم تقرر.
planning-reason = السبب
planning-reason-protocol = زيارة أو مراسم
planning-reason-closure = إغلاق
planning-reason-maintenance = صيانة
planning-reach = ما الذي يُغلق
planning-reach-office = وقت سموه كله، في كل مكان
planning-closed-from = من الساعة
planning-closed-until = إلى الساعة
planning-preview = اعرض من يتأثر
planning-closures-now = الحالية والقادمة
planning-closures-empty = لا إغلاق ولا زيارات
planning-closure-removed = فُتح الوقت للحجز. من نُقل موعده يبقى على موعده الجديد.
planning-until = إلى { $day }، { $time }
planning-holidays = العطل
planning-holidays-lead = أيام لا يُستقبل فيها أحد.
planning-holidays-empty = لم تُسجل عطل
planning-holiday-add = أضف عطلة
planning-holiday-name = اسم العطلة
planning-holiday-where = أين
planning-holiday-region = المنطقة كلها
planning-holiday-removed = أزيلت العطلة.
planning-to-day = إلى { $day }
planning-ramadan = شهر رمضان
planning-ramadan-lead = بحسب تقويم أم القرى حتى يُعلن. إن تغيّر يوم البداية أو النهاية فسجّل ما أُعلن.
planning-ramadan-of = رمضان { $year }هـ
planning-ramadan-text = اكتب أول يوم وآخر يوم كما أُعلن.
planning-ramadan-first = أول يوم
planning-ramadan-last = آخر يوم
planning-declared = كما أُعلن
planning-by-table = بالتقويم
planning-declare = سجّل ما أُعلن
planning-undeclare = عد إلى التقويم
planning-undeclared = { $change } بالتقويم
planning-centres-lead = ساعات كل مركز ووقفات الصلاة فيه. لا يُعرض موعد يقطع صلاة أو يخرج عن الساعات.
planning-centre-add = أضف مركزًا مؤقتًا أو متنقلًا
planning-centre-add-lead = في سوق أو مناسبة، أو إلى بيوت كبار السن والمرضى.
planning-centre-added = أضيف المركز.
planning-centre-name = اسم المركز
planning-governorate = المحافظة
planning-centre-kind = نوعه
planning-kind-permanent = دائم
planning-kind-temporary = مؤقت
planning-kind-portable = متنقل
planning-centre-kiosks = عدد الأكشاك
planning-latitude = خط العرض
planning-longitude = خط الطول
planning-coordinates-hint = بالدرجات، لأوقات الصلاة وأقرب مركز.
planning-emirate = مقر الاستقبال
planning-stands = من { $from } إلى { $to }
planning-hours = الساعات
planning-hours-title = ساعات { $name }
planning-hours-of = من { $from } إلى { $to }
planning-hours-none = بلا ساعات
planning-hours-hint = اكتب كل يوم هكذا: 07:30-12:00 13:00-14:30، واتركه فارغًا إن كان مغلقًا.
planning-hours-usual = الأيام العادية
planning-hours-ramadan = رمضان
planning-hours-wrong = أحد الأسطر لا يُقرأ. اكتبه هكذا: 07:30-14:30.
planning-closed = مغلق
planning-pauses = وقفات الصلاة
planning-pauses-title = وقفات الصلاة في { $name }
planning-pauses-hint = بالدقائق. لا يُستقبل أحد من قبل الأذان حتى نهاية الوقفة بعد الإقامة.
planning-pause-before = قبل الأذان
planning-pause-iqama = من الأذان إلى الإقامة
planning-pause-after = بعد الإقامة
planning-stops = خط السير
planning-stops-title = خط سير { $name }
planning-stop-add = أضف محطة
planning-stop-day = اليوم
planning-stop-place = المكان
planning-stop-home = زيارة منزلية
planning-home = منزل
planning-done = تم: { $change }
planning-affected-nobody = لا يتأثر موعد أحد.
planning-confirm = نفّذ
planning-stale = تغيّر من يتأثر منذ عُرض، ولم يُنفّذ شيء. هذه هي الحال الآن.
planning-print = اطبع القائمة
planning-affected-who = المستفيد
planning-affected-from = الموعد السابق
planning-affected-to = الموعد الجديد
planning-no-time = لا وقت بعد: يتصل به موظف

planning-affected = { $count ->
    [zero] لا يتأثر أحد.
    [one] يتأثر موعد مستفيد واحد.
    [two] يتأثر موعدا مستفيدَين.
    [few] تتأثر مواعيد { $count } مستفيدين.
    [many] تتأثر مواعيد { $count } مستفيدًا.
   *[other] تتأثر مواعيد { $count } مستفيد.
}
planning-affected-done = { $count ->
    [zero] لم يتأثر أحد.
    [one] أُخبر مكتب الاستقبال ليتصل بمستفيد واحد.
    [two] أُخبرت مكاتب الاستقبال لتتصل بمستفيدَين.
    [few] أُخبرت مكاتب الاستقبال لتتصل بـ{ $count } مستفيدين.
    [many] أُخبرت مكاتب الاستقبال لتتصل بـ{ $count } مستفيدًا.
   *[other] أُخبرت مكاتب الاستقبال لتتصل بـ{ $count } مستفيد.
}
planning-unplaced = { $count ->
    [zero] ولكلٍّ موعد جديد.
    [one] ولا وقت جديد بعد لواحد منهم.
    [two] ولا وقت جديد بعد لاثنين منهم.
    [few] ولا وقت جديد بعد لـ{ $count } منهم.
    [many] ولا وقت جديد بعد لـ{ $count } منهم.
   *[other] ولا وقت جديد بعد لـ{ $count } منهم.
}
planning-arrived = { $count ->
    [zero] { "" }
    [one] ومستفيد واحد حاضر الآن ويبقى في ترتيبه.
    [two] ومستفيدان حاضران الآن ويبقيان في ترتيبهما.
    [few] و{ $count } مستفيدين حاضرون الآن ويبقون في ترتيبهم.
    [many] و{ $count } مستفيدًا حاضرون الآن ويبقون في ترتيبهم.
   *[other] و{ $count } مستفيد حاضرون الآن ويبقون في ترتيبهم.
}
planning-confirm-moving = { $count ->
    [zero] نفّذ
    [one] نفّذ وانقل موعدًا واحدًا
    [two] نفّذ وانقل موعدين
    [few] نفّذ وانقل { $count } مواعيد
    [many] نفّذ وانقل { $count } موعدًا
   *[other] نفّذ وانقل { $count } موعد
}
planning-sittings-added = { $count ->
    [zero] لم تُضف جلسات.
    [one] أضيفت جلسة واحدة.
    [two] أضيفت جلستان.
    [few] أضيفت { $count } جلسات.
    [many] أضيفت { $count } جلسة.
   *[other] أضيفت { $count } جلسة.
}
planning-sittings-skipped = { $count ->
    [zero] لم يُترك يوم.
    [one] وتُرك يوم واحد لعطلة أو جلسة قائمة.
    [two] وتُرك يومان لعطلة أو جلسة قائمة.
    [few] وتُركت { $count } أيام لعطلة أو جلسة قائمة.
    [many] وتُرك { $count } يومًا لعطلة أو جلسة قائمة.
   *[other] وتُرك { $count } يوم لعطلة أو جلسة قائمة.
}
planning-kiosks = { $count ->
    [zero] بلا أكشاك
    [one] كشك واحد
    [two] كشكان
    [few] { $count } أكشاك
    [many] { $count } كشكًا
   *[other] { $count } كشك
}
planning-stops-count = { $count ->
    [zero] بلا محطات
    [one] محطة واحدة
    [two] محطتان
    [few] { $count } محطات
    [many] { $count } محطة
   *[other] { $count } محطة
}
planning-every = { $minutes ->
    [zero] بلا مدة
    [one] كل دقيقة
    [two] كل دقيقتين
    [few] كل { $minutes } دقائق
    [many] كل { $minutes } دقيقة
   *[other] كل { $minutes } دقيقة
}
planning-every-buffer = { $minutes ->
    [zero] بلا فاصل
    [one] فاصل دقيقة
    [two] فاصل دقيقتين
    [few] فاصل { $minutes } دقائق
    [many] فاصل { $minutes } دقيقة
   *[other] فاصل { $minutes } دقيقة
}
