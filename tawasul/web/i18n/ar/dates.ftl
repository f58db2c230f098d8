## التواريخ والأوقات والمدد. أسماء الأشهر والأيام لا تستعمل إلا في dates.py وdates.js.

date-both = { $weekday } { $hijri }، الموافق { $gregorian }
date-hijri = { $day } { $month } { $year }هـ
date-gregorian = { $day } { $month } { $year }م
# Without a letter of its own it would have no direction where it is isolated: the mark (U+200F) before it gives one. It stands there as it
# is: written as an escape it would be a value, isolated itself, and do nothing.
date-short = ‏{ $day } { $month }
time-morning = { $time } صباحًا
time-evening = { $time } مساءً

wait-moment = أقل من دقيقة
wait-minutes = { $minutes ->
    [zero] أقل من دقيقة
    [one] دقيقة واحدة
    [two] دقيقتان
    [few] { $minutes } دقائق
    [many] { $minutes } دقيقة
   *[other] { $minutes } دقيقة
}
wait-hours = { $hours ->
    [zero] أقل من ساعة
    [one] ساعة واحدة
    [two] ساعتان
    [few] { $hours } ساعات
    [many] { $hours } ساعة
   *[other] { $hours } ساعة
}
wait-both = { $hours } و{ $minutes }

day-sunday = الأحد
day-monday = الاثنين
day-tuesday = الثلاثاء
day-wednesday = الأربعاء
day-thursday = الخميس
day-friday = الجمعة
day-saturday = السبت

month-january = يناير
month-february = فبراير
month-march = مارس
month-april = أبريل
month-may = مايو
month-june = يونيو
month-july = يوليو
month-august = أغسطس
month-september = سبتمبر
month-october = أكتوبر
month-november = نوفمبر
month-december = ديسمبر

month-muharram = محرم
month-safar = صفر
month-rabi-awwal = ربيع الأول
month-rabi-akhir = ربيع الآخر
month-jumada-ula = جمادى الأولى
month-jumada-akhirah = جمادى الآخرة
month-rajab = رجب
month-shaban = شعبان
month-ramadan = رمضان
month-shawwal = شوال
month-dhu-qidah = ذو القعدة
month-dhu-hijjah = ذو الحجة

date-field-none = لا يوجد يوم بهذا التاريخ. اكتبه هجريًا أو ميلاديًا، مثل 12/6/1448 أو 22/11/2026.
