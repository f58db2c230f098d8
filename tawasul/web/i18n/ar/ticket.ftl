## تذكرة الموعد، على الشاشة وعلى الورق. لا أقواس ولا نقطتين بين كلمة ورقم: انظر docs/adr/0021

ticket-title = مجلس { $region }
ticket-reference = رقم الموعد
ticket-day = اليوم
ticket-time = الوقت
ticket-turn = وقت تقريبي، وتُستقبل حسب الدور.
ticket-early = نرجو الحضور قبل الموعد بربع ساعة.
ticket-early-own = افتح الرابط قبل الموعد بربع ساعة.
ticket-place = المكان
ticket-own-location = من موقعك
ticket-own-location-note = تدخل بالرابط الذي وصلك. لا حاجة للحضور.
ticket-home-visit = زيارة منزلية
ticket-in-person = حضوريًا في المجلس
ticket-bring = أحضر معك
ticket-bring-identity = الهوية الوطنية أو الإقامة
ticket-bring-proof = أصل الوكالة أو صك الولاية
ticket-bring-petition = المعروض ومرفقاته، إن وُجدت
ticket-bring-device = جوالًا أو حاسوبًا بكاميرا ولاقط صوت
ticket-scan = يُقرأ الرمز في مكتب الاستقبال.
ticket-keep = لا تحمل التذكرة اسمك ولا رقم هويتك.
ticket-page-title = تذكرة الموعد
ticket-print = طباعة
ticket-paper = الورق
ticket-paper-roll = شريط 80 مم
ticket-paper-sheet = ورقة A4
ticket-pdf = ملف PDF
ticket-qr = رمز التذكرة
