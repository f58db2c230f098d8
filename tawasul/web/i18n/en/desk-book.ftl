## The reception desk: search and the citizen's card

desk-found = Citizen: { $name }
desk-choose-more = There are more. Complete the name, or type the ID number.
desk-choose-none = None of them: register a citizen
desk-book-more = Book another time
desk-past = Earlier appointments
desk-on-waitlist = On the waitlist: { $days }
desk-elsewhere = { $count ->
    [one] One appointment with another desk
   *[other] { $count } appointments with other desks
}
desk-correct = Change the mobile number
desk-mobile-new = New mobile number
desk-save = Save
desk-corrected = The mobile number is saved.

## Booking: place and time

desk-venue-person = In person at the session
desk-centre = Reception centre
desk-centres-other = Centres of other governorates
desk-kiosk-at = { $kiosk }, { $centre }
desk-nearest = Nearest centre
desk-nearest-town = Town, village or quarter
desk-kilometres = { $kilometres ->
    [one] { $kilometres } kilometre
   *[other] { $kilometres } kilometres
}
desk-town-unknown = No place of that name is known. Type the nearest town.
desk-none-free = No time free soon
desk-times = Day and time
desk-day = Day
desk-times-earlier = Two weeks back
desk-times-later = Next two weeks
desk-free = { $free ->
   *[other] { $free } free
}
desk-free-times = { $free ->
    [one] one time free
   *[other] { $free } times free
}
desk-full = Full
desk-closed = Closed
desk-no-sitting = No session
desk-day-full = All times of this day are taken
desk-day-quota = This governorate has its share of the session
desk-why-no-sitting = No session on this day
desk-why-closed = The place is closed on this day
desk-why-holiday = Holiday
desk-why-blackout = Nobody is received on this day
desk-first-free = First free time: { $day }
desk-pause = { $prayer } prayer, goes on at { $until }
desk-alternatives = Near it:
desk-alternative = { $day } { $time } – { $place }

prayer-fajr = Fajr
prayer-dhuhr = Dhuhr
prayer-jumuah = Friday
prayer-asr = Asr
prayer-maghrib = Maghrib
prayer-isha = Isha

## The time that is kept

desk-held = The time is kept for you
desk-held-left = Left:
desk-held-longer = Keep it longer
desk-held-longer-done = The time is kept longer.
desk-held-other = Another time
desk-held-soon = The time is kept for one more minute.
desk-held-over = The time is no longer kept. What you typed is still here; choose the time again.

## Who comes, and what they bring

desk-who = Who comes
desk-who-alone = The citizen alone
desk-who-representative = A representative
desk-who-group = A group
desk-representative-name = Name of the representative
desk-relation = Relation
desk-relation-agent = Agent
desk-relation-guardian = Guardian
desk-relation-parent = Parent
desk-relation-spouse = Spouse
desk-relation-child = Son or daughter
desk-relation-lawyer = Lawyer
desk-proof = Proof
desk-proof-power = Power of attorney
desk-proof-guardianship = Guardianship deed
desk-proof-family = Family record
desk-proof-licence = Lawyer's licence
desk-proof-number = Number of the proof
desk-proof-seen = I have seen the original
desk-group-name = Name of the group, tribe or village
desk-group-size = How many
desk-priority = Priority
desk-petition-more = Petition, attachments, language of messages
desk-petition = Petition
desk-language = Language of messages to the citizen
desk-files-add = Add a file
desk-files-hint = PDF or picture, up to 10 MB, at most eight.
desk-files = Attachments
desk-files-title = Attachments of the petition
desk-files-of = { $name }, appointment { $reference }
desk-file-kind = { $name } is not taken. Taken are PDF, JPEG and PNG.
desk-file-large = { $name } is larger than 10 MB.
desk-file-most = At most eight files are taken; { $name } was not added.
desk-file-chosen = sent after booking
desk-file-sending = sending
desk-file-kept = { $name } is kept.
desk-file-again = Try again
desk-file-open = Open
desk-file-remove = Remove
desk-file-remove-named = Remove { $name }

## Without a time, the waitlist, another time

desk-walk-in = Receive now, without a time
desk-walk-in-text = The citizen gets a turn among the booked; nobody who came in time is put back.
desk-walk-in-action = Receive now
desk-walk-in-done = Received without a time
desk-walk-in-turn = Turn { $position }, at about { $time }
desk-walk-in-turn-if-time = Turn { $position }, if time is left in this sitting
desk-walk-in-mark = Walk-in
desk-wait = Add to the waitlist
desk-wait-text = The first time that becomes free is offered by message, in the order of the list.
desk-wait-action = Add to the waitlist
desk-wait-done = Added to the waitlist
desk-wait-position = Number { $position } on the list
desk-wait-offered = Offered: { $day }, at { $time }
desk-wait-until = Waits for
desk-wait-two-weeks = Two weeks
desk-wait-month = A month
desk-wait-three-months = Three months
desk-untimed-other = Choose a time instead
desk-move = Move to another time
desk-move-title = Move to another time
desk-move-from = Appointment { $reference }: { $when }
desk-move-action = Move
desk-moved = The appointment is moved

## Ticket and list

desk-ticket-80 = Print the ticket
desk-ticket-a4 = Print on A4
desk-ticket-pdf = PDF file
desk-export = Export
desk-export-print = Print the list
desk-export-pdf = PDF file
desk-export-xlsx = Excel sheet
desk-export-csv = CSV file
desk-sitting = Session
desk-order = Turn { $order }
desk-more-of = More actions: { $name }
desk-party-representative = represented by { $name }
desk-party-group = { $name }, { $size ->
   *[other] { $size } people
}
desk-papers = { $count ->
    [one] one attachment
   *[other] { $count } attachments
}
desk-because = Reason
desk-because-citizen = The citizen did not come
desk-because-office = The office could not receive
desk-because-technical = Technical fault
desk-because-rebook = gets another time before others
desk-reinstate = Put it back as it was
desk-rebook = Book another time for them
desk-undo = Undo

## The keyboard

desk-keys = Keyboard
desk-keys-title = Working by the keyboard
desk-keys-text = The keys work by their place in either language, while you are not typing.
desk-key-find = to the search
desk-key-enter = keeps the chosen time, then books, then the next citizen
desk-key-escape = one step back
desk-key-book = to the booking: arrows between times, Page Up and Page Down between days
desk-key-day = to the list of the session
desk-key-help = this page
desk-keys-on = Single keys work
