# The desk's page of cases.

desk-cases-title = المعاملات
desk-citizen-cases = معاملاته
desk-cases-new = معاملة جديدة
desk-cases-find-label = رقم المعاملة، أو رقم الهوية، أو الاسم، أو كلمات من موضوعها
desk-cases-found = { $count ->
    [zero] لم نجد معاملة لـ«{ $query }»
    [one] وجدنا معاملة واحدة لـ«{ $query }»
    [two] وجدنا معاملتين لـ«{ $query }»
    [few] وجدنا { $count } معاملات لـ«{ $query }»
    [many] وجدنا { $count } معاملة لـ«{ $query }»
   *[other] وجدنا { $count } معاملة لـ«{ $query }»
}
desk-cases-found-end = إنهاء البحث
desk-cases-nothing = لم نجد معاملة
desk-cases-nothing-text = راجع الرقم كما طُبع، أو ابحث بكلمة أخرى. تُقبل صور الكتابة المختلفة للكلمة الواحدة.
desk-cases-boxes = ما يُعرض
desk-cases-box-mine = عندنا
desk-cases-box-ratify = تُقرأ وتُقرّ
desk-cases-box-questions = أسئلة الجهات
desk-cases-box-open = المفتوحة
desk-cases-box-closed = المغلقة
desk-cases-every-kind = كل الأنواع
desk-cases-loading = لحظة…
desk-cases-more = المزيد
desk-cases-empty-mine = لا شيء ينتظر المكتب
desk-cases-empty-mine-text = ما جاء دور المكتب فيه يظهر هنا، والأقرب مهلةً أولًا.
desk-cases-empty-ratify = لا توجيه ينتظر إقرارًا
desk-cases-empty-ratify-text = يظهر هنا كل توجيه كُتب ولم يُقرأ على صاحبه بعد.
desk-cases-empty-questions = لا أسئلة من الجهات
desk-cases-empty-questions-text = يظهر هنا ما تسأل عنه الجهات لتُتم العمل.
desk-cases-empty-open = لا معاملات مفتوحة
desk-cases-empty-open-text = خذ معاملة جديدة لمن يأتيك بطلب أو مقترح أو شكوى.
desk-cases-empty-closed = لا معاملات مغلقة
desk-cases-empty-closed-text = تبقى المعاملة هنا بعد إغلاقها.
desk-cases-none = اختر معاملة
desk-cases-none-text = تظهر هنا المعاملة وما يمكن عمله فيها الآن.
desk-cases-back = القائمة

desk-cases-take-title = معاملة جديدة
desk-cases-not-found = لم نجد مستفيدًا بهذه البيانات. سجّله أولًا.
desk-cases-earlier = معاملاته:
desk-cases-subject = الموضوع
desk-cases-subject-hint = باختصار، كما يعرضه صاحبه.
desk-cases-text = ما عرضه
desk-cases-language = لغة رسائله
desk-cases-likely = قد تكون مكررة. راجع هذه قبل المتابعة:
desk-cases-take = فتح المعاملة
desk-cases-taken = فُتحت المعاملة.

desk-cases-now = ما يمكن عمله الآن
desk-cases-all-of = كل معاملاته
desk-cases-read-title = اقرأ التوجيه على صاحبه
desk-cases-read-anew = كُتب التوجيه من جديد. اقرأ عليه ما تراه الآن.
desk-cases-code = رمز تذكرته
desk-cases-code-hint = امسح التذكرة، أو اكتب رقم الموعد الذي فيها.
desk-cases-code-id = رقم هويته كما في الأصل
desk-cases-ratify = أقرّه صاحبه
desk-cases-ratified = أُقرّ التوجيه وأُحيل إلى الجهة. اطبع له الإيصال.
desk-cases-said-question = تسأل { $agency }:
desk-cases-said-answer = الإجابة، لتُقرأ على صاحبها:
desk-cases-said-contest = سبب اعتراض صاحبها:
desk-cases-said-return = أعادتها { $agency }، والسبب:
desk-cases-said-correction = ما قال صاحبها إنه سمعه:
desk-cases-directive = التوجيه
desk-cases-remaining = ما بقي
desk-cases-petitions = المعروض
desk-cases-papers = الوثائق
desk-cases-papers-none = لا وثائق.
desk-cases-papers-hint = ملف PDF أو صورة، إلى 10 ميغابايت.
desk-cases-paper-sure = اضغط ثانية: تزول نهائيًا
desk-cases-paper-removed = أُزيلت الوثيقة.
desk-cases-audiences = المقابلات
desk-cases-timeline = ما جرى
desk-cases-facts = بياناتها

desk-cases-agency-choose = اختر الجهة
desk-cases-refer = إحالة إلى جهة
desk-cases-refer-text = لا ترى الجهة إلا الموضوع وما تكتبه هنا، وما يُرفق بعد الإحالة.
desk-cases-refer-words = ما يُقال للجهة
desk-cases-refer-done = أُحيلت المعاملة.
desk-cases-settle = إجابة من المكتب
desk-cases-settle-text = يُبلَّغ صاحبها بهذه الإجابة، وله مهلة للاعتراض.
desk-cases-settle-words = الإجابة
desk-cases-settle-done = أُجيب عنها، وأُبلغ صاحبها.
desk-cases-merge = ضم إلى معاملة أخرى
desk-cases-merge-here = ضم الجديدة إليها
desk-cases-merge-text = تُغلق هذه المعاملة وتستمر التي تختارها بكل ما فيها. لا يمكن التراجع عن الضم.
desk-cases-merge-done = ضُمّت المعاملة.
desk-cases-into = تستمر
desk-cases-into-none = لا معاملة أخرى مفتوحة لصاحبها.
desk-cases-reply = جواب سؤال الجهة
desk-cases-reply-text = أرفق الوثائق قبل الإرسال؛ تراها الجهة مع جوابك.
desk-cases-reply-words = الجواب
desk-cases-reply-press = إرسال الجواب
desk-cases-reply-done = أُرسل الجواب إلى الجهة.
desk-cases-correct = قال إنه غير ذلك
desk-cases-correct-text = اكتب بكلمات صاحبها ما سمعه. يعود التوجيه إلى مكتب سمو الأمير ليُكتب من جديد.
desk-cases-correct-words = ما قاله
desk-cases-correct-press = إعادته إلى المكتب
desk-cases-correct-done = أُعيد التوجيه إلى مكتب سمو الأمير.
desk-cases-accept = قبِل الإجابة
desk-cases-accept-title = هل قبِل صاحبها الإجابة؟
desk-cases-accept-text = تأكد من هويته، واقرأ عليه الإجابة. تُغلق المعاملة بقبوله.
desk-cases-accept-done = أُغلقت المعاملة بقبول صاحبها.
desk-cases-contest = اعترض على الإجابة
desk-cases-contest-title = هل اعترض صاحبها على الإجابة؟
desk-cases-contest-text = تأكد من هويته، واكتب سببه بكلماته. تُعرض في الجلسة القادمة.
desk-cases-contest-words = سبب اعتراضه
desk-cases-contest-done = سُجّل الاعتراض، وتُعرض في الجلسة القادمة.
desk-cases-withdraw = سحبها صاحبها
desk-cases-withdraw-title = هل سحبها صاحبها؟
desk-cases-withdraw-text = تأكد من هويته. تُغلق المعاملة ولا تُفتح ثانية؛ لما يستجد تُفتح معاملة جديدة.
desk-cases-withdraw-done = سُحبت المعاملة.

desk-cases-key-find = إلى البحث
desk-cases-key-arrows = بين المعاملات
desk-cases-key-enter = فتح المعاملة
desk-cases-key-escape = خطوة إلى الوراء
