# صفحة الجهة: ما أُحيل إليها، وما تفعله به

agency-title = ما أُحيل إلى الجهة
agency-lead = المتأخر أولًا، ثم الأقرب مهلة.
agency-boxes = صناديق المعاملات
agency-box-new = جديدة
agency-box-open = قيد العمل
agency-box-asked = سألنا عنها
agency-box-answered = أجبنا عنها
agency-box-late = متأخرة: { $cases }
agency-box-heard = { $cases ->
    [zero] لا شيء فيها
    [one] معاملة واحدة
    [two] معاملتان
    [few] { $cases } معاملات
    [many] { $cases } معاملة
   *[other] { $cases } معاملة
}، والمتأخرة منها: { $overdue }
agency-due = المهلة إلى { $day }
agency-loading = جارٍ التحميل…
agency-most = هذه أول خمسين معاملة. تظهر البقية كلما أُجيب عن هذه.
agency-empty-new = لا جديد الآن
agency-empty-new-text = يظهر هنا ما يُحال إليكم فور إحالته.
agency-empty-closed-text = لا يُحال إلى جهة مغلقة.
agency-empty-open = لا معاملة قيد العمل
agency-empty-open-text = ما تتولونه من الجديد ينتقل إلى هنا.
agency-empty-asked = لا سؤال ينتظر جوابًا
agency-empty-asked-text = ما سألتم عنه ينتظر هنا حتى يجيب مكتب الاستقبال، ومهلتكم واقفة.
agency-empty-answered = لم يُجب عن شيء بعد
agency-empty-answered-text = ما أجبتم عنه يبقى هنا، وترون هل قبله صاحبه.
agency-closed = أُغلقت هذه الجهة منذ { $day }. لا يُحال إليها جديد، وما عندها تجيب عنه هنا كما كان.
agency-closes = تُغلق هذه الجهة في { $day }. لا يُحال إليها جديد بعد ذلك، وما عندها تجيب عنه هنا.

agency-case = المعاملة
agency-back = عودة إلى القائمة
agency-print = طباعة
agency-gone = لا توجد معاملة كهذه عندكم. قد تكون أُعيدت أو حُوّلت إلى جهة أخرى.
agency-changed = تغيّر شيء في هذه المعاملة بعد فتحها. ما كتبتموه محفوظ.
agency-again = عرض الجديد
agency-said-office = توجيه سمو الأمير
agency-said-desk = ما كتبه إليكم مكتب الاستقبال
agency-facts = عن المعاملة
agency-citizen = صاحب المعاملة
agency-citizen-mobile = آخر أرقام جواله
agency-citizen-id = آخر أرقام هويته
agency-citizen-later = يظهر اسمه بعد أن تتولوا المعاملة.
agency-citizen-no-more = يظهر اسمه ما دامت المعاملة قيد العمل عندكم.
agency-case-papers = الأوراق
agency-timeline = ما جرى فيها

agency-deal = ما تفعلونه بها
agency-wait-referred = تتولونها فتبدأ مهلة الإجابة، أو تعيدونها وتذكرون السبب.
agency-wait-under-way = اختاروا ما وصلتم إليه.
agency-wait-asked = سؤالكم عند مكتب الاستقبال، ومهلتكم واقفة حتى يصل جوابه. لا يلزمكم شيء الآن.
agency-wait-answered = وصلت إجابتكم صاحب المعاملة، وله أن يقبلها أو يعترض عليها حتى { $day }.
agency-wait-contested = اعترض صاحبها على الإجابة، وهي في جدول جلسة سمو الأمير. لا يلزمكم شيء الآن.
agency-wait-closed = أُغلقت المعاملة.
agency-take-on = نتولّاها
agency-taken-on = تولّيتم المعاملة، وبدأت مهلة الإجابة.
agency-return = إعادتها
agency-way-answer = الإجابة عنها
agency-way-answer-note = تم كل ما طُلب
agency-way-report = أُنجز بعضها
agency-way-report-note = ما تم، وما بقي ومتى
agency-way-ask = سؤال عنها
agency-way-ask-note = تقف مهلتكم حتى الجواب
agency-way-return-note = ليست من اختصاصنا
agency-draft = حُفظت المسودة في هذه النافذة وحدها.

agency-answer-words = الإجابة
agency-answer-hint = يقرؤها صاحب المعاملة كما تُكتب: ما الذي تم، وأين، ومتى.
agency-answer-review = مراجعة قبل الإرسال
agency-answered = أُرسلت الإجابة إلى صاحب المعاملة.
agency-report-words = ما تم حتى الآن
agency-report-hint = يقرؤه صاحب المعاملة كما يُكتب.
agency-report-send = إرسال ما تم وما بقي
agency-reported = أُرسل ما تم وما بقي.
agency-remains = ما بقي
agency-remains-hint = ما كان باقيًا ولم يُذكر هنا يُعدّ منجزًا. التاريخ هجري أو ميلادي: 1448/6/12 أو 2026/11/22.
agency-remains-add = إضافة سطر
agency-remains-words = ما بقي: السطر { $row }
agency-remains-day = يُنجز قبل نهاية يوم: السطر { $row }
agency-remains-remove = حذف
agency-remains-remove-named = حذف السطر { $row }
agency-remains-removed = حُذف السطر.
agency-remains-undo = تراجع
agency-remains-past = هذا اليوم مضى أو هو اليوم. اكتبوا يومًا بعده.
agency-remains-most = لا يُكتب أكثر من عشرين سطرًا.
agency-ask-words = السؤال
agency-ask-hint = يجيب عنه مكتب الاستقبال، ويسأل صاحب المعاملة إن لزم. ويقرؤه صاحب المعاملة كما يُكتب.
agency-ask-send = إرسال السؤال
agency-asked = أُرسل السؤال، ووقفت مهلتكم حتى يصل الجواب.
agency-return-words = سبب الإعادة
agency-return-hint = يقرؤه من أحالها ليحيلها إلى من هي من اختصاصه.
agency-return-review = مراجعة قبل الإعادة
agency-returned = أُعيدت المعاملة، ولم تعد عندكم.

agency-look-answer = هل تُرسل هذه الإجابة؟
agency-look-answer-text = تصل صاحب المعاملة فورًا، ولا تُعدّل بعد إرسالها. له أن يقبلها أو يعترض عليها.
agency-look-answer-send = إرسال الإجابة
agency-look-return = هل تُعاد هذه المعاملة؟
agency-look-return-text = تعود إلى من أحالها، ولا ترونها بعد ذلك.
agency-look-return-send = إعادة المعاملة
agency-look-back = عودة إلى الكتابة
agency-look-no-papers = لا مرفقات معها.

agency-papers = المرفقات مع الإجابة
agency-papers-add = إضافة ملف
agency-papers-hint = ملف PDF أو صورة، إلى 10 ميغابايت، وبحد أقصى ثمانية.
agency-paper-sending = جارٍ الرفع
agency-paper-kept = رُفع الملف { $name }.
agency-paper-removed = حُذف الملف { $name }.
agency-paper-again = إعادة المحاولة
agency-paper-stop = إيقاف
agency-paper-remove = حذف
agency-paper-remove-named = حذف { $name }
agency-paper-kind = لا يُقبل الملف { $name }. المقبول: PDF أو JPEG أو PNG.
agency-paper-large = الملف { $name } أكبر من 10 ميغابايت.
agency-paper-most = لا يُقبل أكثر من ثمانية ملفات؛ لم يُضف { $name }.
agency-papers-going = انتظروا حتى ينتهي رفع الملفات.
