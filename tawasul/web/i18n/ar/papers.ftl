## قائمة المواعيد على الورق وفي الملفات

list-title = قائمة المواعيد
list-sheet = المواعيد
list-day = اليوم
list-hijri-day = اليوم الهجري
list-time = الوقت
list-starts = من
list-ends = إلى
list-reference = رقم الموعد
list-name = الاسم
list-id = آخر الهوية
list-mobile = آخر الجوال
list-place = المكان
list-party = الصفة
list-priorities = الأولوية
list-state = الحالة
list-arrived = وصل
list-empty = لا مواعيد في هذه الجلسة.
list-private = للاستعمال في مكتب الاستقبال. تُتلف الورقة بعد انتهاء الجلسة.
list-and = {"، "}
list-walk-in = بلا موعد
list-representative = ينوب عنه { $name }
list-group = { $size ->
    [zero] مجموعة
    [one] شخص واحد
    [two] مجموعة من شخصين
    [few] مجموعة من { $size } أشخاص
    [many] مجموعة من { $size } شخصًا
   *[other] مجموعة من { $size } شخص
}
list-kiosk-elsewhere = كشك في محافظة أخرى
list-own-location = من موقعه
list-in-person = حضوريًا
list-missed-office = لم يُستقبل بسبب المكتب
list-missed-technical = لم يُستقبل لعطل تقني
list-priority-rebooked = أُجِّل موعده
list-priority-disabled = من ذوي الإعاقة
list-priority-elderly = كبير السن
list-priority-far = قادم من بعيد
