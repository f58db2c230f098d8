## The reception desk

desk-title = Reception desk
desk-work-title = Serve a citizen
desk-find-label = Name, ID or iqama number, mobile, appointment number, or a scanned ticket
desk-find-hint = Digits are accepted in both forms: 123 and ١٢٣.
desk-find-neither = This is no ID, mobile or appointment number, and no name. Please check what is written.
desk-find-action = Find
desk-find-other = Find another
desk-not-found = Nobody was found. Register the person, then book.
desk-id-ends = ID ends in
desk-mobile-ends = mobile ends in
desk-register-title = Register a citizen
desk-name = Name
desk-name-hint = As it stands on the ID.
desk-national-id = ID or iqama number
desk-mobile = Mobile number
desk-register-action = Register
desk-book-title = Book a time
desk-venue = Where the audience takes place
desk-venue-kiosk = At the reception centre
desk-venue-own = From the citizen’s own location
desk-slot = Time
desk-slot-needed = Choose a time.
desk-field-needed = This field is needed.
desk-subject = Subject
desk-subject-hint = In short, as the citizen puts it. The Amir’s office sees it.
desk-book-action = Book
desk-booked-title = Booked
desk-reference = Appointment number
desk-booked-when = { $day }, at { $time }
desk-link-label = Link to come in by
desk-link-hint = For the citizen alone. It works on the first device that opens it.
desk-link-copy = Copy
desk-link-copied = The link was copied.
desk-link-title = New link
desk-link-new-text = The earlier link no longer works. Send this one to the citizen.
desk-book-another = Another citizen
desk-choose = Several were found. Choose whose ID is before you.
desk-own-location = own location

desk-day-title = Appointments of the sitting
desk-day-refresh = Refresh
desk-day-none = No sitting has been announced.
desk-day-empty = Nothing here
desk-day-empty-text = Appointments appear here as soon as they are booked.
desk-filter = Which appointments to show
desk-filter-open = Open
desk-filter-waiting = Waiting
desk-filter-all = All
desk-column-time = Time
desk-column-citizen = Citizen
desk-column-actions = Actions

desk-arrive = Check in
desk-arrive-title = Check in
desk-arrive-text = Read the name and the last digits of the ID to the citizen, and look at the photograph.
desk-arrive-confirm = Check in
desk-arrived = Checked in. The citizen is in the waiting room now.
desk-seen-legend = Identity
desk-seen-yes = I saw the original ID
desk-seen-yes-note = name, number and photograph agree
desk-seen-no = I did not see an ID
desk-seen-no-note = the Amir’s office is shown that it is declared only
desk-back = Back
desk-more = More
desk-see-id = See the ID
desk-seen-done = How sure the identity is was kept.
desk-undo-arrival = Take the check-in back
desk-undone = The appointment is as before.
desk-missed = Did not come
desk-missed-title = Record as missed?
desk-missed-text = The appointment of { $name } is closed and its time set free.
desk-missed-done = Recorded as missed.
desk-cancel = Cancel the appointment
desk-cancel-title = Cancel the appointment?
desk-cancel-text = The appointment of { $name } is cancelled and its time set free for others.
desk-cancelled = The appointment was cancelled.
desk-new-link = New link

desk-nav = The desk's pages
desk-nav-waitlist = Waitlist
desk-nav-tasks = Tasks
desk-nav-tasks-open = { $count ->
    [one] one open task
   *[other] { $count } open tasks
}
