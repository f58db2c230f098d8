# The office plans its time.

planning-title = Planning
planning-office = The majlis
planning-sittings = Sittings
planning-closures = Visits and closures
planning-days = Holidays and Ramadan
planning-centres = Centres
planning-earlier = Earlier weeks
planning-later = Later weeks
planning-range = { $from } to { $to }
planning-sittings-empty = There are no sittings in these weeks
planning-sittings-empty-text = Add one below, and its times can be booked.
planning-sitting-add = Add a sitting
planning-sitting-added = The sitting is added.
planning-sitting-removed = The sitting is removed.
planning-sitting-back = The sitting is back.
planning-sitting-booked = Times of this sitting are booked, so it stays. To free its time, record a visit or a closure.
planning-from = From
planning-to = To
planning-weekdays = Weekdays
planning-weekdays-hint = Used when a last day is given: the same sitting on these days, holidays left out.
planning-weekday-needed = Choose at least one day.
planning-opens = Begins
planning-closes = Ends
planning-slot = Minutes for each
planning-buffer = Minutes between
planning-receiver = Who receives
planning-receiver-amir = The Amir
planning-receiver-deputy = The deputy
planning-quota = Share of each governorate
planning-quota-hint = The most that one may book until the day before.
planning-times = { $from } to { $to }
planning-quota-of = share { $count }
planning-filled = { $booked } of { $slots } booked
planning-remove = Remove
planning-number = Write a number.
planning-closures-lead = When the Amir’s time is taken or a centre closes: you first see who is affected and where each would go; then you decide.
planning-reason = Reason
planning-reason-protocol = Visit or protocol
planning-reason-closure = Closure
planning-reason-maintenance = Maintenance
planning-reach = What is closed
planning-reach-office = The Amir’s time, everywhere
planning-closed-from = From
planning-closed-until = Until
planning-preview = Show who is affected
planning-closures-now = Now and to come
planning-closures-empty = No closures, no visits
planning-closure-removed = The time may be booked again. Those who were moved keep their new times.
planning-until = until { $day }, { $time }
planning-holidays = Holidays
planning-holidays-lead = Days on which nobody is received.
planning-holidays-empty = No holidays yet
planning-holiday-add = Add a holiday
planning-holiday-name = Name
planning-holiday-where = Where
planning-holiday-region = The whole region
planning-holiday-removed = The holiday is removed.
planning-to-day = to { $day }
planning-ramadan = Ramadan
planning-ramadan-lead = By the Umm al-Qura calendar until it is declared. If a day moves, record what was declared.
planning-ramadan-of = Ramadan { $year } AH
planning-ramadan-text = Write the first and the last day as declared.
planning-ramadan-first = First day
planning-ramadan-last = Last day
planning-declared = As declared
planning-by-table = By the calendar
planning-declare = Record what was declared
planning-undeclare = Back to the calendar
planning-undeclared = { $change } by the calendar
planning-centres-lead = The hours of each centre and its pauses for prayer. No time is offered that crosses either.
planning-centre-add = Add a temporary or a portable centre
planning-centre-add-lead = At a market or an event, or to the homes of the elderly and the ill.
planning-centre-added = The centre is added.
planning-centre-name = Name
planning-governorate = Governorate
planning-centre-kind = Kind
planning-kind-permanent = Permanent
planning-kind-temporary = Temporary
planning-kind-portable = Portable
planning-centre-kiosks = Kiosks
planning-latitude = Latitude
planning-longitude = Longitude
planning-coordinates-hint = In degrees, for prayer times and the nearest centre.
planning-emirate = Where the Amir receives
planning-stands = { $from } to { $to }
planning-hours = Hours
planning-hours-title = Hours of { $name }
planning-hours-of = { $from } to { $to }
planning-hours-none = No hours
planning-hours-hint = Write each day so: 07:30-12:00 13:00-14:30; leave a closed day empty.
planning-hours-usual = Usual days
planning-hours-ramadan = Ramadan
planning-hours-wrong = A line cannot be read. Write it so: 07:30-14:30.
planning-closed = closed
planning-pauses = Prayer pauses
planning-pauses-title = Prayer pauses of { $name }
planning-pauses-hint = In minutes. Nobody is received from before the adhan until the pause after the iqama is over.
planning-pause-before = Before the adhan
planning-pause-iqama = Adhan to iqama
planning-pause-after = After the iqama
planning-stops = Route
planning-stops-title = Route of { $name }
planning-stop-add = Add a stop
planning-stop-day = Day
planning-stop-place = Place
planning-stop-home = A visit to a home
planning-home = Home
planning-done = Done: { $change }
planning-affected-nobody = Nobody’s time is affected.
planning-confirm = Do it
planning-stale = Who is affected has changed since it was shown, and nothing was done. This is how it stands now.
planning-print = Print the list
planning-affected-who = Who
planning-affected-from = Time that is lost
planning-affected-to = New time
planning-no-time = None yet: staff will call

planning-affected = { $count ->
    [one] One citizen’s time is affected.
   *[other] The times of { $count } citizens are affected.
}
planning-affected-done = { $count ->
    [one] A desk has the task to tell one citizen.
   *[other] Desks have the task to tell { $count } citizens.
}
planning-unplaced = { $count ->
    [one] For one there is no other time yet.
   *[other] For { $count } there is no other time yet.
}
planning-arrived = { $count ->
    [one] One is there already and stays in the order.
   *[other] { $count } are there already and stay in the order.
}
planning-confirm-moving = { $count ->
    [one] Do it, and move one time
   *[other] Do it, and move { $count } times
}
planning-sittings-added = { $count ->
    [one] One sitting is added.
   *[other] { $count } sittings are added.
}
planning-sittings-skipped = { $count ->
    [one] One day was left out: a holiday, or another sitting.
   *[other] { $count } days were left out: holidays, or other sittings.
}
planning-kiosks = { $count ->
    [one] one kiosk
   *[other] { $count } kiosks
}
planning-stops-count = { $count ->
    [one] one stop
   *[other] { $count } stops
}
planning-every = { $minutes ->
    [one] every minute
   *[other] every { $minutes } minutes
}
planning-every-buffer = { $minutes ->
    [one] a minute between
   *[other] { $minutes } minutes between
}
