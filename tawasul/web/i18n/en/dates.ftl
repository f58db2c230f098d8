## Dates, times and waits. Names of months and days are used by dates.py and dates.js alone.

date-both = { $weekday } { $hijri }, { $gregorian }
date-hijri = { $day } { $month } { $year } AH
date-gregorian = { $day } { $month } { $year }
date-short = { $day } { $month }
time-morning = { $time } am
time-evening = { $time } pm

wait-moment = less than a minute
wait-minutes = { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}
wait-hours = { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
}
wait-both = { $hours } and { $minutes }

day-sunday = Sunday
day-monday = Monday
day-tuesday = Tuesday
day-wednesday = Wednesday
day-thursday = Thursday
day-friday = Friday
day-saturday = Saturday

month-january = January
month-february = February
month-march = March
month-april = April
month-may = May
month-june = June
month-july = July
month-august = August
month-september = September
month-october = October
month-november = November
month-december = December

month-muharram = Muharram
month-safar = Safar
month-rabi-awwal = Rabi al-Awwal
month-rabi-akhir = Rabi al-Akhir
month-jumada-ula = Jumada al-Ula
month-jumada-akhirah = Jumada al-Akhirah
month-rajab = Rajab
month-shaban = Shaban
month-ramadan = Ramadan
month-shawwal = Shawwal
month-dhu-qidah = Dhu al-Qidah
month-dhu-hijjah = Dhu al-Hijjah

date-field-none = There is no such day. Write it Hijri or Gregorian, as 12/6/1448 or 22/11/2026.
