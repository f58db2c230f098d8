# قبل الجلسة القادمة: ما اعتُرض عليه وما تأخر، وما ينتظر كتابة المكتب.

agenda-title = قبل الجلسة القادمة
agenda-loading = يُفتح…
agenda-sitting = تبدأ الجلسة القادمة { $day }، الساعة { $time }.
agenda-no-sitting = لم تُحدَّد جلسة في الأيام الثلاثين القادمة.
agenda-print = طباعة
agenda-empty = لا شيء قبل الجلسة القادمة
agenda-empty-text = تظهر هنا كل معاملة اعتُرض على إجابتها، وكل معاملة تأخرت ثلاث مرات.
agenda-waiting = بانتظار كتابة المكتب
agenda-waiting-lead = ما سُمع ولم تُحدَّد جهته، وما قال صاحبه إنه غير ذلك، وما أعادته جهة.
agenda-waiting-empty = لا شيء ينتظر.
agenda-find = البحث عن معاملة
agenda-find-label = رقم المعاملة أو رقم الهوية أو كلمات من الموضوع
agenda-find-button = بحث
agenda-found-none = لا معاملة بهذا. راجع الرقم أو الكلمات.

agenda-brought-contested = اعترض صاحبها على الإجابة
agenda-brought-again = { $count ->
    [zero] اعترض صاحبها على الإجابة
    [one] اعترض صاحبها على الإجابة
    [two] اعترض صاحبها مرتين
    [few] اعترض صاحبها { $count } مرات
    [many] اعترض صاحبها { $count } مرة
   *[other] اعترض صاحبها { $count } مرة
}
agenda-brought-heard = سُمع صاحبها، ولم تُحدَّد الجهة
agenda-brought-corrected = قال صاحبها إن التوجيه غير ذلك
agenda-brought-returned = أعادتها الجهة
agenda-brought-overdue = تأخرت، ورُفعت إلى الجلسة
agenda-since = منذ { $day }

agenda-back = إلى القائمة
agenda-no-case = لا معاملة هنا
agenda-kept = ما كتبته محفوظ، وتراه حين تفتحه مرة أخرى.
agenda-citizen = صاحب المعاملة
agenda-mobile-ends = آخر أربعة أرقام من جواله
agenda-part-facts = بيانات المعاملة
agenda-part-directive = التوجيه
agenda-part-remaining = ما بقي
agenda-part-history = ما جرى

agenda-review = مراجعة ما كُتب
agenda-step-back = تعديل
agenda-no-agencies = تعذّر جلب الجهات. أغلق النافذة وافتحها من جديد.
agenda-due = قبل نهاية يوم
agenda-reason = السبب
agenda-review-agency = إلى: { $agency }
agenda-review-due = قبل نهاية { $day }، { $urgency }

agenda-direct = توجيه
agenda-direct-text = يقرؤه مكتب الاستقبال على صاحب المعاملة، فإذا أقرّه وصل إلى الجهة.
agenda-direct-confirm = حفظ التوجيه
agenda-direct-done = حُفظ التوجيه، وينتظر إقرار صاحبه.
agenda-settle = الإجابة من المكتب
agenda-settle-text = تُرسل الإجابة إلى صاحب المعاملة، وله أن يعترض عليها، ولا تُحال إلى جهة.
agenda-settle-words = نص الإجابة
agenda-settle-confirm = إرسال الإجابة
agenda-settle-done = أُرسلت الإجابة إلى صاحب المعاملة.
agenda-prolong = تمديد المهلة
agenda-prolong-text = تُمدّ مهلة الجهة إلى نهاية اليوم الذي تختاره، ويبقى السبب في المعاملة.
agenda-prolong-confirm = تمديد المهلة
agenda-prolong-done = مُدّت المهلة.
agenda-reassign = تحويل إلى جهة أخرى
agenda-reassign-text = تُسحب من الجهة الحالية وتُحال إلى الجهة التي تختارها، ويبقى السبب في المعاملة.
agenda-reassign-confirm = تحويل المعاملة
agenda-reassign-done = حُوّلت المعاملة.
