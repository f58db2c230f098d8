## تسجيل جهاز المكتب: ما يُقارن عند الشاشة، ولماذا لا يُدعى أحد قبل التسجيل. تستعملها _enrolment.html وoffice-enrolment.js.

enrolment-starting = يُتحقق من هوية هذا الجهاز…
enrolment-starting-text = لحظات، ثم يتابع من تلقاء نفسه.
enrolment-unreachable = لا يمكن الوصول إلى جهة إصدار الشهادات
enrolment-unreachable-text = لا تجيب الخدمة أو جهة الإصدار. تُعاد المحاولة تلقائيًا، ولا يُدعى أحد قبل ذلك.
enrolment-no-trust = لم تُجهَّز الثقة بعد
enrolment-no-trust-text = ليس لهذه الخدمة جهة تصدر الشهادات، فلا يمكن إثبات خصوصية أي مكالمة. يجهّزها الفريق التقني، ثم تتابع هذه الصفحة من تلقاء نفسها.
enrolment-differs = توقّف: جذر المنطقة غير الذي يعرفه هذا الجهاز
enrolment-differs-text = قد يكون أحد يحاول أن يقف بين الطرفين، فلا يُدعى أحد من هذا الجهاز. لا تتابع حتى يقارن الفريق التقني البصمتين بورقة المنطقة.
enrolment-waiting = هذا الجهاز ينتظر التسجيل
enrolment-waiting-text = يقارن موظفان مخوَّلان باعتماد الأجهزة هذا الرمز، كلٌّ منهما هنا أمام الشاشة. ثم يتابع الجهاز من تلقاء نفسه.
enrolment-expired = انتهت شهادة هذا الجهاز
enrolment-expired-text = تُجدَّد تلقائيًا، ولا يُدعى أحد قبل ذلك.
enrolment-unproven = قائمة الأجهزة الملغاة قديمة
enrolment-unproven-text = لا يُدعى أحد من غير قائمة حديثة. تُجلب من جديد تلقائيًا.
enrolment-revoked = أُلغي هذا الجهاز
enrolment-revoked-text = ألغى موظف مخوَّل مفتاح هذا الجهاز، فلا يُدعى منه أحد. إن كان ذلك خطأً فابدأ من جديد بمفتاح جديد، ويسجّله موظفان مرة أخرى.
enrolment-refused = لا تسجّل جهة الإصدار هذا الجهاز
enrolment-refused-text = أبلغ الفريق التقني بالرمز أدناه. ويمكنك أن تبدأ من جديد بمفتاح جديد.
enrolment-clock = ساعة هذا الجهاز غير صحيحة
enrolment-clock-text = اضبط وقت هذا الجهاز وتاريخه، ثم يتابع من تلقاء نفسه. لا يُدعى أحد قبل ذلك.
enrolment-trouble = لم تنجح آخر محاولة ({ $code })، وتُعاد تلقائيًا.
enrolment-refusal = الرمز: { $code }

enrolment-qr = رمز مربّع فيه اسم هذا الجهاز ومفتاحه، يمسحه الموظف المخوَّل
enrolment-code = رمز هذا الجهاز
enrolment-approvals = الموافقات: { $given } من { $needed }
enrolment-step-first = يقف الموظف الأول أمام هذه الشاشة، فيقارن الرمز أو يمسح الصورة، ويوافق بمفتاحه هو.
enrolment-step-second = يفعل موظف ثانٍ، غير الأول، الشيء نفسه.
enrolment-step-only = لا موافقة من قائمة أو رسالة أو هاتف: العبرة بما تعرضه هذه الشاشة وحدها.
enrolment-anchor = بصمة جذر المنطقة
enrolment-anchor-first = عرفها هذا المتصفح من الخدمة أول مرة. قارنها بورقة المنطقة قبل أي موافقة.
enrolment-anchor-by-hand = من الملف الذي أُحضر إلى هذا الجهاز.
enrolment-known = البصمة المعروفة هنا
enrolment-offered-server = البصمة التي تذكرها الخدمة
enrolment-offered-file = البصمة في ملف هذا الجهاز

enrolment-anew = ابدأ من جديد بمفتاح جديد
enrolment-dialog-title = أتتخلى عن مفتاح هذا الجهاز؟
enrolment-dialog-text = يُحذف من هذا المتصفح المفتاح والشهادة والجذر المعروف، ثم يسجّل موظفان الجهاز مرة أخرى.
enrolment-dialog-confirm = نعم، ابدأ من جديد
enrolment-dialog-back = رجوع

enrolment-until = هذا الجهاز مسجَّل حتى { $day }، { $time }
enrolment-lapsed = لن تُجدَّد هذه الشهادة: ليُسجَّل الجهاز من جديد قبل أن تنتهي.
enrolment-name = اسم الجهاز
enrolment-key = بصمة مفتاحه
enrolment-kept-label = حفظ المفتاح
enrolment-kept = يحفظه المتصفح حتى يُحذف عمدًا.
enrolment-not-kept = قد يحذفه المتصفح إن ضاقت مساحته، فيُسجَّل الجهاز من جديد.
enrolment-first = هذا الجهاز غير مسجَّل الآن، فلا يمكن أن يُدعى منه أحد.
