## إيصال التوجيه، على الورق وفي صفحة التحقق

receipt-title = إيصال توجيه
receipt-case = رقم المعاملة
receipt-to = الجهة الموجَّه إليها
receipt-due = الإجابة قبل نهاية يوم
receipt-urgency = الأولوية
receipt-routine = عادي
receipt-urgent = عاجل
receipt-immediate = فوري
receipt-wording = نص التوجيه
receipt-wording-beginning = أول نص التوجيه
receipt-ratified = أقرّه صاحب الطلب كما سمعه
receipt-code = رمز الإيصال
receipt-scan = امسح الرمز بأي جوال للتحقق من الإيصال، أو افتح العنوان التالي.
receipt-without-us = يبقى التحقق ممكنًا ولو توقفت الخدمة.
receipt-part = { $whole ->
    [zero] وقّعنا أول النص، وبصمة النص كله.
    [one] وقّعنا أول النص، وبصمة النص كله.
    [two] وقّعنا أول النص، وبصمة النص كله.
    [few] النص { $whole } أحرف، وقّعنا أوله وبصمة كله.
    [many] النص { $whole } حرفًا، وقّعنا أوله وبصمة كله.
   *[other] النص { $whole } حرف، وقّعنا أوله وبصمة كله.
}
receipt-private = لا يحمل الإيصال اسمك ولا رقم هويتك ولا جوالك.
receipt-follow = لمتابعة المعاملة برقمها افتح العنوان التالي، أو زر أي مركز استقبال.
receipt-page-title = إيصال التوجيه
receipt-print = طباعة
receipt-paper = الورق
receipt-paper-roll = شريط 80 مم
receipt-paper-sheet = ورقة A4

receipt-verify = التحقق من إيصال توجيه
receipt-verify-lead = امسح رمز الإيصال بالقارئ أو بالكاميرا، أو ألصق ما فيه هنا.
receipt-given = ما في الرمز
receipt-given-hint = القارئ يكتبه بنفسه. الأرقام العربية والإنجليزية سواء.
receipt-do = تحقق
receipt-camera = اقرأ بالكاميرا
receipt-camera-stop = أوقف الكاميرا
receipt-camera-refused = لم تُفتح الكاميرا. اسمح بها للمتصفح، أو استخدم القارئ.
receipt-camera-see = ضع الرمز كله في الإطار.
receipt-checking = لحظة من فضلك…
receipt-another = تحقق من إيصال آخر
receipt-genuine = إيصال صحيح
receipt-genuine-text = صدر بهذا النص عن { $region }، ولم يتغير فيه حرف.
receipt-unreadable = لم نقرأ الإيصال
receipt-unreadable-text = ما قُرئ ليس إيصالًا كاملًا. امسح الرمز مرة أخرى.
receipt-not-ours = ليس من إيصالاتنا
receipt-not-ours-text = لم يوقّعه مفتاح هذه المنطقة. لا يُعتمد عليه.
receipt-changed = إيصال غير صحيح
receipt-changed-text = التوقيع لا يطابق ما فيه: تغيّر شيء بعد صدوره. لا يُعتمد عليه.
receipt-newer = إيصال أحدث من هذه الصفحة
receipt-newer-text = التوقيع صحيح، لكن هذه النسخة لا تقرأ محتواه. افتح الصفحة متصلًا بالشبكة لتُحدَّث.
receipt-no-key = لم يصل مفتاح التحقق
receipt-no-key-text = افتح هذه الصفحة مرة واحدة متصلًا بالشبكة، ثم تعمل دونها.
receipt-cannot = هذا المتصفح لا يستطيع التحقق
receipt-cannot-text = حدّث المتصفح، أو افتح الصفحة بعنوان يبدأ بـ https.
receipt-offline = هذه الصفحة محفوظة في جهازك، وتتحقق دون شبكة.
