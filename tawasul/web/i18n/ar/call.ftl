## كلمات المكالمة عند الطرفين: ما تقوله الصفحات وهي تعمل. تستعملها وحدات static/js.

## حال المكالمة

call-first-office = يُدعى المستفيد للدخول
call-first-office-text = لحظات ويصل صوته وصورته.
call-other-first = يكتمل الاتصال
call-other-first-text = تصلك صورة الطرف الآخر، ولم تصله صورتك بعد. لحظات من فضلك.
call-in-call = اكتمل الاتصال
call-in-call-text = يرى كل طرف الآخر ويسمعه.
call-again = انقطع الصوت والصورة
call-other-again = انقطع الصوت والصورة عند الطرف الآخر
call-again-text = يُعاد الاتصال تلقائيًا. لا حاجة إلى فعل شيء.
call-note-line = يُستعاد الخط مع الخدمة، والمكالمة مستمرة.
call-note-other-line = يُستعاد خط الطرف الآخر مع الخدمة، والمكالمة مستمرة.
call-over-here = أنهيتَ المكالمة
call-over-office = أنهى مكتب سمو الأمير المكالمة
call-over-citizen = أنهى المستفيد المكالمة
call-over-concluded = اكتملت المقابلة
call-over-no-answer = لم يكتمل الاتصال
call-over-taken-back = تراجع المكتب عن الدعوة
call-over-not-private = أُنهيت المكالمة لأن خصوصيتها لم تثبت
call-over-lost = انقطعت المكالمة ولم يعد الاتصال
call-over-unknown = انتهت المكالمة أثناء انقطاع الخط
call-waits-again = مكانك في الانتظار محفوظ، وستُدعى للدخول مرة أخرى.
call-waits-again-office = مكان المستفيد في الانتظار محفوظ.
call-outcome-next = شكرًا لك. تُكتب نتيجة المقابلة الآن.
call-outcome-next-office = تُكتب نتيجة المقابلة، ثم يُدعى التالي.
call-unlock-sound = تشغيل الصوت
call-sound-locked = ينتظر المتصفح لمسة منك لتشغيل الصوت.

## كيف المكالمة، وخط مَن يضعفها

quality-fair = الاتصال أضعف من المعتاد الآن.
quality-fair-own = خطّكم أضعف من المعتاد الآن.
quality-fair-citizen = خط المستفيد أضعف من المعتاد الآن.
quality-fair-office = خط المكتب أضعف من المعتاد الآن.
quality-fair-service = الخدمة بين الطرفين أضعف من المعتاد الآن.
quality-poor = الاتصال ضعيف الآن؛ الصوت أولًا.
quality-poor-own = خطّكم ضعيف الآن؛ الصوت أولًا.
quality-poor-citizen = خط المستفيد ضعيف الآن؛ الصوت أولًا.
quality-poor-office = خط المكتب ضعيف الآن؛ الصوت أولًا.
quality-poor-service = الخدمة بين الطرفين ضعيفة الآن؛ الصوت أولًا.
quality-voice = الاتصال ضعيف الآن: الصوت وحده، والصورة ثابتة.
quality-voice-own = خطّكم ضعيف الآن: الصوت وحده، والصورة ثابتة.
quality-voice-citizen = خط المستفيد ضعيف الآن: الصوت وحده، والصورة ثابتة.
quality-voice-office = خط المكتب ضعيف الآن: الصوت وحده، والصورة ثابتة.
quality-voice-service = الخدمة بين الطرفين ضعيفة الآن: الصوت وحده، والصورة ثابتة.
quality-advice = إن كنتم على شبكة لاسلكية فقد يفيد الاقتراب من جهازها.
quality-nothing = لا يصل الآن صوت ولا صورة. لحظات من فضلكم.

## الخط مع الخدمة

line-connecting = يجري الاتصال بالخدمة…
line-restoring = انقطع الخط مع الخدمة، ويُستعاد تلقائيًا. كل ما حُفظ باقٍ.
line-replaced = فُتحت هذه الصفحة في مكان آخر، فتوقفت هنا.
line-signed-out = انتهت مدة الدخول. سجّل الدخول مرة أخرى.
line-stopped = توقف الخط مع الخدمة.
line-use-here = المتابعة من هنا
line-sign-in = تسجيل الدخول
line-reload = إعادة تحميل الصفحة

## الكاميرا والميكروفون

device-camera-not-allowed = لم يأذن المتصفح باستعمال الكاميرا. اسمح بها من إعدادات الموقع بجانب العنوان، ثم أعد المحاولة.
device-camera-not-found = لم نجد كاميرا. صِل كاميرا بالجهاز؛ ستُستعمل حال وصلها.
device-camera-busy = يستعمل برنامج آخر الكاميرا. أغلقه ثم أعد المحاولة.
device-camera-failed = تعذّر تشغيل الكاميرا. أعد المحاولة، أو اختر كاميرا أخرى.
device-camera-unplugged = فُصلت الكاميرا. صِلها مرة أخرى؛ ستعود الصورة تلقائيًا.
device-microphone-not-allowed = لم يأذن المتصفح باستعمال الميكروفون. اسمح به من إعدادات الموقع بجانب العنوان، ثم أعد المحاولة.
device-microphone-not-found = لم نجد ميكروفونًا. صِل ميكروفونًا بالجهاز؛ سيُستعمل حال وصله.
device-microphone-busy = يستعمل برنامج آخر الميكروفون. أغلقه ثم أعد المحاولة.
device-microphone-failed = تعذّر تشغيل الميكروفون. أعد المحاولة، أو اختر ميكروفونًا آخر.
device-microphone-unplugged = فُصل الميكروفون. صِله مرة أخرى؛ سيعود الصوت تلقائيًا.
device-insecure = لا يتيح المتصفح الكاميرا والميكروفون إلا على اتصال آمن. افتح الصفحة بعنوان يبدأ بـ https.
device-unnamed = جهاز { $number }

## وحدة المكتب

office-line-first = لا خط مع الخدمة الآن. أعد المحاولة حال عودته؛ ما كُتب محفوظ في هذه الصفحة.
office-calling = يُدعى { $name } للدخول
office-call-in-name = دعوة { $name } للدخول
office-waits = منذ { $wait }
office-online = متصل
office-offline = غير متصل
office-in-person = حضوريًا
office-walk-in = بلا موعد
office-interrupted = { $count ->
    [zero] لم تنقطع مكالمته
    [one] انقطعت مكالمته مرة
    [two] انقطعت مكالمته مرتين
    [few] انقطعت مكالمته { $count } مرات
    [many] انقطعت مكالمته { $count } مرة
   *[other] انقطعت مكالمته { $count } مرة
}
office-assurance-declared = الهوية مصرَّح بها، ولم تُطابَق
office-assurance-seen = طوبقت الهوية عند الاستقبال
office-assurance-nafath = تحقق بنفاذ
office-caller-called = يُدعى للدخول
office-caller-in-call = في المقابلة
office-caller-again = يُعاد الاتصال به
office-caller-in-the-room = في المجلس الآن
office-caller-heard = انتهت المكالمة، وبقيت كتابة النتيجة
office-caller-elsewhere = في المقابلة على شاشة أخرى للمكتب
office-caller-called-elsewhere = دُعي للدخول من شاشة أخرى للمكتب
office-concluded-directive = حُفظ التوجيه واكتملت المقابلة { $reference }
office-concluded-heard = اكتملت المقابلة { $reference } دون توجيه
office-directive-empty = اكتب نص التوجيه، أو أتمم المقابلة دون توجيه.
office-directive-left = { $count ->
    [zero] بلغ النص أقصى طوله
    [one] بقي حرف واحد
    [two] بقي حرفان
    [few] بقيت { $count } أحرف
    [many] بقي { $count } حرفًا
   *[other] بقي { $count } حرف
}
path-host = المسار: مباشر داخل الشبكة
path-reflexive = المسار: مباشر عبر الشبكة
path-relay = المسار: عبر خادم الترحيل

## صفحة المستفيد

join-called = حان دورك. يفتح مكتب سمو الأمير الاتصال معك الآن.
join-title-call = حان دورك
join-check-opening = ينتظر إذنك في المتصفح…
join-check-camera-ok = تعمل. هذه صورتك كما سيراها المكتب.
join-check-microphone-speak = يعمل. تكلّم قليلًا لنتأكد من أن صوتك يصل.
join-check-microphone-ok = نسمعك جيدًا.
join-check-speaker-playing = تُشغَّل النغمة…
join-check-speaker-ok = شُغّلت النغمة. إن لم تسمعها فارفع الصوت وأعد التجربة.
join-check-speaker-failed = لم يسمح المتصفح بتشغيل الصوت. اضغط الزر مرة أخرى.
join-check-path-running = يُجرَّب المسار عبر خادم الترحيل…
join-check-path-ok = الاتصال صالح للمكالمة.
join-check-path-slow = الاتصال يعمل، وفيه بطء. قد يتأخر الصوت قليلًا.
join-check-path-blocked = لم تمر التجربة عبر هذه الشبكة. يمكنك المتابعة، والأفضل أن تجرّب شبكة أخرى، كبيانات الجوال.
join-check-path-none = لم تُسمِّ الخدمة خادم ترحيل. يمكنك المتابعة.
join-check-path-unsupported = لا يدعم هذا المتصفح المكالمات المرئية. حدّثه، أو استعمل متصفحًا آخر.
join-only-sound = لا تصل صورتك. يمكنك المتابعة بالصوت وحده، أو إصلاح الكاميرا أولًا.
join-only-picture = لا يصل صوتك. أصلح الميكروفون قبل المتابعة إن أمكن.
join-no-devices = لا تعمل الكاميرا ولا الميكروفون. لا بد من أحدهما لدخول المقابلة.
join-office-present = المكتب متصل
join-office-away = المكتب غير متصل بعد
join-place = { $before ->
    [zero] أنت التالي
    [one] قبلك مستفيد واحد
    [two] قبلك مستفيدان
    [few] قبلك { $before } مستفيدين
    [many] قبلك { $before } مستفيدًا
   *[other] قبلك { $before } مستفيد
}
join-place-next = أنت التالي
join-place-called = دُعيتَ للدخول
join-expected = نتوقع دعوتك للدخول بعد { $wait } تقريبًا
join-expected-soon = نتوقع دعوتك للدخول بعد قليل
join-thanks-outcome-next = اكتملت مقابلتك مع سمو الأمير. تُكتب نتيجتها الآن.
join-thanks-directed = اكتملت مقابلتك مع سمو الأمير، وصدر فيها توجيه يُتابَع حتى يصلك جوابه.
join-thanks-heard = اكتملت مقابلتك مع سمو الأمير، وسُمع ما عرضته.
join-thanks-concluded = اكتملت مقابلتك مع سمو الأمير، وكُتبت نتيجتها.
join-open-link = افتح الرابط الذي وصلك من مركز الاستقبال على هذا الجهاز.
join-cancelled = أُلغي هذا الموعد. للحجز مرة أخرى راجع مركز الاستقبال.
join-missed = مضى هذا الموعد. للحجز مرة أخرى راجع مركز الاستقبال.
join-try-again = إعادة المحاولة
