## متابعة المستفيد لمعاملته: بالرقم من أي شاشة، أو برابط الرسالة من جواله

track-title = تابع معاملتك
track-lead = اكتب رقم المعاملة، ثم جوالك أو هويتك المسجَّلة معها.
track-number = رقم المعاملة
track-number-short = رقم المعاملة
track-number-hint = مثل ⁦1448-00471-5⁩، بالشرطات أو بدونها.
track-number-slip = في الرقم نقص أو خطأ. راجعه كما كُتب لك.
track-proof = رقم الجوال أو الهوية
track-proof-hint = الذي أعطيته مركز الاستقبال.
track-look = اعرض معاملتي
track-not-found = لا توجد معاملة بهذا الرقم مع هذا الجوال أو الهوية. راجع الرقمين، أو اسأل في مركز الاستقبال.
track-no-number = ضاع الرقم؟ يعطيك إياه أي مركز استقبال إذا أحضرت هويتك.
track-done = انتهيت، أخفِ معاملتي
track-idle = تُخفى معاملتك بعد لحظات. المس الشاشة لتبقى.
track-hidden = أُخفيت معاملتك، ولم يبقَ منها شيء على هذه الشاشة.
track-back = رجوع
track-subject = الموضوع
track-answer = الرد
track-answer-from = من { $agency }، { $day }
track-answer-on = { $day }
track-answer-where = لقبول الرد أو الاعتراض عليه افتح الرابط الذي وصلك على جوالك، أو زر أي مركز استقبال.
track-files = وثائق الرد
track-file = ‏{ $name } ({ $size })
track-file-size = { $size } ك.ب
track-file-saved = حُفظت الوثيقة في جهازك.
track-files-by-link = تُفتح الوثائق بالرابط الذي وصلك على جوالك، أو تُطبع لك في مركز الاستقبال.
track-directive = ما وُجِّه به
track-directive-to = الجهة
track-directive-due = تجيب قبل نهاية يوم
track-remaining = ما بقي
track-remains-due = { $words }، قبل نهاية { $day }
track-remains-done = { $words }: تم
track-entries = ما جرى حتى الآن
track-due = الخطوة التالية قبل نهاية { $day }
track-due-late = تأخرت الخطوة التالية عن موعدها، ونحن نتابعها.

## أين هي الآن

track-received = استلمنا معاملتك
track-received-text = ينظر فيها موظف الاستقبال، ثم تُحال إلى من ينجزها.
track-received-office = معاملتك لدى مكتب سمو الأمير
track-received-office-text = يكتب المكتب إلى أي جهة تُحال.
track-proposed = صدر توجيه، وبقي أن تقرّه
track-proposed-text = يُحال إلى جهته بعد أن تقول إنه كما سمعته. يقرؤه عليك موظف الاستقبال: زر المركز، أو انتظر اتصاله.
track-proposed-here = اقرأه أدناه، ثم قل لنا: أهكذا سمعته؟ بعدها يُحال إلى جهته.
track-referred = أُحيلت إلى { $agency }
track-referred-text = ننتظر أن تبدأ الجهة العمل عليها.
track-under-way = تعمل عليها { $agency }
track-under-way-text = سنخبرك حين يصدر الرد.
track-asked = تحتاج الجهة إلى إيضاح
track-asked-text = يتصل بك موظف الاستقبال، أو زر المركز.
track-answered = صدر الرد
track-answered-text = اقرأه، ثم قل لنا: أتقبله أم لا؟
track-contested = اعتراضك أمام المجلس القادم
track-contested-text = لا تُغلق معاملتك ما دمت معترضًا.
track-closed = معاملتك مغلقة
track-closed-accepted = قبلت الرد.
track-closed-unopposed = انتهت مدة الاعتراض بعد إبلاغك.
track-closed-withdrawn = أنهيتها بطلبك.
track-closed-given-up = أُلغيت مقابلتها، ولم يُطلب غيرها.
track-closed-merged = ضُمّت إلى معاملتك { $number }، فتابع تلك.

## ما جرى

track-entry-opened = استُلمت معاملتك
track-entry-heard = سُمع ما عندك في المجلس
track-entry-directed = صدر توجيه
track-entry-ratified = أقررت التوجيه، فأُحيلت إلى { $agency }
track-entry-corrected = قلت إن التوجيه كان غير ذلك
track-entry-referred = أُحيلت إلى { $agency }
track-entry-taken-on = بدأ العمل عليها: { $agency }
track-entry-returned = أعادتها { $agency } لتُحال إلى غيرها
track-entry-reassigned = نُقلت إلى { $agency }
track-entry-asked = طلبت إيضاحًا: { $agency }
track-entry-replied = وصل الإيضاح إلى الجهة
track-entry-reported = تم بعضها، وبقي بعض
track-entry-answered = صدر الرد
track-entry-notified = أبلغناك بالرد
track-entry-accepted = قبلت الرد
track-entry-contested = اعترضت على الرد
track-entry-prolonged = مُدّت المهلة
track-entry-escalated = تأخرت، فرُفع أمرها
track-entry-lapsed = انتهت مدة الاعتراض
track-entry-withdrawn = أنهيتها بطلبك
track-entry-merged = ضُمّت إلى معاملة أخرى لك
track-entry-given-up = أُغلقت لأن المقابلة أُلغيت
track-entry-taken-up-again = فُتحت من جديد
track-entry-agency = الجهة المختصة

## أهكذا كان التوجيه؟

directive-title = هذا ما وُجِّه به
directive-question = أهكذا سمعته؟
directive-yes = نعم، هكذا كان
directive-no = كان غير ذلك
directive-sure = يُحال التوجيه الآن بهذا النص إلى { $agency }.
directive-sure-yes = نعم، أحيلوه
directive-words = ماذا وُجِّه به؟
directive-words-hint = بكلماتك، كما سمعته.
directive-send = أرسل إلى المكتب
directive-ratified = أُحيل التوجيه إلى { $agency }، وسنخبرك حين يصدر الرد.
directive-corrected = وصلت كلماتك إلى المكتب. يكتب التوجيه من جديد ثم يعرضه عليك.
directive-settled = تغيّر هذا التوجيه أو أُجيب عنه. هذه حاله الآن.
directive-to-desk = لا يمكن إحالته الآن إلى هذه الجهة. يرتّب ذلك مكتب سمو الأمير، ويتصل بك موظف الاستقبال.
after-number = رقم معاملتك { $number }. احفظه لتتابعها.
after-track = تتابعها من صفحة «تابع معاملتك»، أو من أي مركز استقبال.
after-spared = وفّرت عليك هذه المقابلة سفر نحو { $kilometres ->
    [zero] كيلومتر واحد
    [one] كيلومتر واحد
    [two] كيلومترين
    [few] { $kilometres } كيلومترات
    [many] { $kilometres } كيلومترًا
   *[other] { $kilometres } كيلومتر
} ذهابًا وإيابًا.

## برابط الرسالة

link-title = معاملتك
link-loading = لحظة من فضلك…
link-none = افتح الرابط من الرسالة التي وصلتك، أو تابع معاملتك برقمها.
link-problem-what = تستطيع أن تتابع معاملتك برقمها، أو أن تسأل في أي مركز استقبال.
link-decide = هل تقبل هذا الرد؟
link-decide-until = لك أن تعترض حتى نهاية { $day }. إن لم تقل شيئًا أُغلقت المعاملة بعدها.
link-decide-contested = اعترضت على هذا الرد، وهو أمام المجلس القادم. إن رضيت به قبل ذلك فاقبله.
link-accept = أقبل الرد
link-contest = لا أقبله
link-accept-title = هل تقبل الرد؟
link-accept-text = تُغلق معاملتك بقبولك. إن بقي لك شيء فاعترض بدلًا من ذلك.
link-accept-yes = نعم، أقبله
link-accepted = قبلت الرد، وأُغلقت معاملتك. شكرًا لك.
link-contest-title = لماذا لا تقبله؟
link-contest-text = يُعرض اعتراضك على المجلس القادم، ولا تُغلق معاملتك حتى يُنظر فيه.
link-contest-reason = السبب
link-contest-hint = ما الذي لم يتم، أو لم يصح؟ يبقى ما تكتبه هنا حتى ترسله.
link-contest-send = أرسل الاعتراض
link-contested = وصل اعتراضك، وسيُعرض على المجلس القادم.
link-withdraw = لا أريد شيئًا بعد الآن
link-withdraw-title = هل تنهي معاملتك؟
link-withdraw-text = تُغلق، ولا يعمل عليها أحد بعد ذلك. وإن احتجت إليها لاحقًا فافتح معاملة جديدة في أقرب مركز.
link-withdraw-yes = نعم، أنهوا معاملتي
link-withdraw-no = أبقِ معاملتي
link-withdrawn = أُغلقت معاملتك بطلبك.
link-moved-on = تغيّرت حال معاملتك قبل لحظات. هذه حالها الآن.
link-rating = هل أنت راضٍ؟
link-rating-good = راضٍ
link-rating-middling = بين بين
link-rating-bad = غير راضٍ
link-rating-private = لمسة واحدة تُعدّ مع غيرها، ولا تُربط بك ولا بمعاملتك.
link-rating-thanks = شكرًا لك. عُدَّ رأيك مع غيره.
link-rating-before = سبق أن عُدَّ رأيك. شكرًا لك.
