# المتابعة: ما هو مفتوح ومتأخر، وكيف يُجاب عنه.

follow-title = المتابعة
follow-lead = ما بقي مفتوحًا، وما تأخر، وكيف أُجيب عنه. الأعداد الصغيرة لا تُذكر، حفظًا لأصحابها.

follow-range = المدة
follow-week = هذا الأسبوع
follow-month = هذا الشهر الميلادي
follow-year = هذه السنة الهجرية
follow-own = مدة أخرى
follow-from = من يوم
follow-to = إلى يوم
follow-show = اعرض
follow-shown = من { $from } إلى { $to }
follow-loading = تُحسب الأرقام…
follow-again = أعد المحاولة
follow-csv = ملف CSV
follow-xlsx = مصنف XLSX
follow-print = اطبع

follow-empty = لا معاملات في هذه المدة
follow-empty-text = لم تُفتح فيها معاملة ولم يُجب عن معاملة، ولا معاملة مفتوحة الآن. اختر مدة أخرى.

follow-now = الآن
follow-in-range = في المدة
follow-all = كل المنطقة
follow-open = مفتوحة
follow-overdue = متأخرة
follow-on-time = في وقتها
follow-opened = فُتحت
follow-answered = أُجيبت
follow-closed = أُغلقت
follow-median = وسيط أيام الرد
follow-contested = نسبة الاعتراض
follow-satisfied = نسبة الرضا
follow-satisfied-yes = راضون
follow-satisfied-partly = راضون نوعًا ما
follow-satisfied-no = غير راضين
follow-satisfied-counts = راضون { $yes } · راضون نوعًا ما { $partly } · غير راضين { $no }
follow-satisfied-months = من الأشهر الميلادية كاملة التي تمسها المدة
follow-few = أقل من خمسة
follow-number = { $number }
follow-percent = { $number }٪

follow-by-agency = حسب الجهة
follow-by-agency-note = المفتوح الآن لدى كل جهة، والمتأخر منه. اختر جهة لترى معاملاتها.
follow-agency = الجهة
follow-no-agency = لدى المكاتب، بلا إحالة إلى جهة
follow-by-governorate = حسب المحافظة
follow-by-governorate-note = المفتوح الآن في كل محافظة، والمتأخر منه. اختر محافظة لترى معاملاتها.
follow-governorate = المحافظة
follow-bar = المفتوح والمتأخر
follow-bar-text = { $open } مفتوحة، منها { $overdue } متأخرة

follow-weeks = ما فُتح وما أُغلق في كل أسبوع
follow-weeks-text = أكثر ما فُتح في أسبوع { $opened }، وأكثر ما أُغلق { $closed }. الأعداد كلها في الجدول أدناه.
follow-weeks-none = لم تُفتح معاملة في هذه المدة ولم تُغلق.
follow-weeks-table = أعداد الأسابيع
follow-week-begins = الأسبوع من يوم

follow-spared = ما لم يُسافر من أجله
follow-spared-audiences = مقابلات بلا سفر
follow-spared-kilometres = كيلومترات لم تُقطع
follow-spared-hours = ساعات لم تُقض في الطريق
follow-spared-note = ذهابًا وإيابًا على خط مستقيم، والساعة بمعدل { $speed } كم: أقل ما وُفّر.

follow-cases-all = المعاملات المفتوحة
follow-cases-of = المعاملات المفتوحة: { $name }
follow-cases-lead = المتأخر أولًا، ثم الأحدث رقمًا.
follow-cases-loading = تُقرأ المعاملات…
follow-cases-empty = لا معاملة مفتوحة هنا.
follow-cases-more = اعرض المزيد
follow-cases-close = أغلق القائمة
follow-cases-show = اعرض المعاملات المفتوحة
follow-cases-unknown = لا توجد جهة أو محافظة بهذا الاسم في الأرقام أعلاه.

follow-sheet-of = عن
follow-sheet-name = الاسم
follow-sheet-region = المنطقة
follow-sheet-governorate = محافظة
follow-sheet-agency = جهة
follow-sheet-week = أسبوع
follow-sheet-spared = ما وُفّر
follow-count = العدد
