## خصوصية المكالمة: ما يراه الطرفان عن أن لا أحد بينهما. تستعملها _stage.html و_privacy.html ووحدات static/js/call.

## الشريط على المنصة

privacy-label = خصوصية المكالمة
privacy-checking = يُتحقق من خصوصية المكالمة…
privacy-verified = مكالمة موثوقة – لا يسمعها إلا أنت و{ $name }
privacy-unverified = لم يُتحقق بعد – قارنا الأرقام الستة
privacy-doubtful = وصل ما لم يُفتح من { $name }، ولم يُعرض
privacy-ended = أُنهيت المكالمة: { $reason }
privacy-over = انتهت المكالمة، ومحضر خصوصيتها جاهز للحفظ
privacy-details = التفاصيل
privacy-you = أنت
privacy-citizen-device = المستفيد (من جهازه)
privacy-own-device = جهازك هذا
privacy-office = مكتب سمو الأمير

## مقارنة الأرقام

phrase-title-citizen = اقرأ هذه الأرقام للمكتب
phrase-text-citizen = اقرأ الأرقام الستة بصوتك من أولها، واسأل: هل هي نفسها عندكم؟
phrase-title-office = قارن هذه الأرقام مع المستفيد
phrase-text-office = اطلب من المستفيد أن يقرأ أرقامه الستة، وانظر: هل هي نفسها هنا؟
phrase-same = نفسها
phrase-different = مختلفة
phrase-remark = إن اختلفت تنتهي المكالمة فورًا، ويبقى الدور محفوظًا.
phrase-digits = الأرقام الستة وصورها
phrase-picture-palm = نخلة
phrase-picture-camel = جمل
phrase-picture-falcon = صقر
phrase-picture-coffee-pot = دلّة
phrase-picture-lantern = فانوس
phrase-picture-tent = خيمة
phrase-picture-moon = هلال
phrase-picture-horse = حصان
phrase-picture-key = مفتاح
phrase-picture-ship = سفينة

## التفاصيل

privacy-title = خصوصية هذه المكالمة
privacy-present = الحاضرون في المكالمة
privacy-present-alone = لا يستطيع أحد غيرهما الدخول، ولا الخدمة نفسها: المفاتيح عند هذين الجهازين وحدهما، ولا يُسجَّل الصوت والصورة.
privacy-compare = الأرقام الستة
privacy-compared-same = قلتَ إن الأرقام نفسها عند الطرفين.
privacy-compare-needed = مقارنتها هي الدليل: لا شهادة لجهاز المستفيد.
privacy-compare-optional = لكل طرف شهادة تثبت من هو. ولمن أراد دليلًا ثانيًا: الأرقام نفسها عند الطرف الآخر.
privacy-technical = تفاصيل فنية
privacy-other-key = بصمة مفتاح الطرف الآخر
privacy-own-key = بصمة مفتاح هذا الجهاز
privacy-certificate = شهادة الطرف الآخر
privacy-certificate-none = لا شهادة: جهاز المستفيد نفسه
privacy-certificate-until = { $name }، صالحة حتى { $until }
privacy-transport = شهادة النقل (DTLS)
privacy-epoch = المفاتيح الحالية
privacy-epoch-value = الدفعة { $epoch }
privacy-frames = الصوت والصورة
privacy-frames-value = شُفّر { $sealed }، وفُتح { $opened }، ورُفض { $refused }
privacy-algorithms = الخوارزميات
privacy-save = حفظ محضر الخصوصية
privacy-save-text = يوقّعه الطرفان عند نهاية المكالمة: من كانت عنده المفاتيح، ومن متى إلى متى. ليس فيه شيء مما قيل.
privacy-save-later = يكون جاهزًا عند نهاية المكالمة.

## لماذا أُنهيت

privacy-because-differs = الأرقام الستة مختلفة عند الطرفين، فقد يكون بينهما أحد.
privacy-because-certificate = لم تثبت هوية الطرف الآخر.
privacy-because-expired = شهادة الطرف الآخر منتهية. يجددها الموظف المسؤول.
privacy-because-clock = ساعة أحد الجهازين غير صحيحة.
privacy-because-revoked = أُلغيت الثقة بجهاز الطرف الآخر.
privacy-because-role = الطرف الآخر ليس من يُفترض أن يكون.
privacy-because-revocations = تعذّر التأكد من أن جهاز الطرف الآخر ما زال موثوقًا.
privacy-because-middle = ما وصل ليس ما أرسله الطرف الآخر، فقد يكون بينهما أحد.
privacy-because-unreadable = وصل من الطرف الآخر ما لا يُفهم.
privacy-because-version = يعمل الطرف الآخر بإصدار آخر من النظام.
privacy-because-tries = تكررت المحاولات دون مقارنة الأرقام، فقد يكون بينهما أحد. قارنوا الأرقام في المرة القادمة فور ظهورها.
privacy-because-late = لم يكتمل التحقق في وقته.
privacy-because-other = رفض جهاز الطرف الآخر المتابعة.
privacy-because-identity = هذا الجهاز غير مسجَّل بعد، فلا يستطيع إثبات من هو.
privacy-because-unknown = لم يثبت أن المكالمة خاصة.

## متصفح ينقصه ما يلزم

gate-title = هذا المتصفح لا يحفظ خصوصية المكالمة
gate-text = ينقص هذا المتصفح ما يلزم لتشفير المكالمة بين الطرفين، فلا يُفتح بها. استعمل إصدارًا حديثًا من كروم أو إيدج أو سفاري، أو احضر إلى أقرب مركز استقبال.
