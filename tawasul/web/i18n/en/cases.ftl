# What the service itself writes into cases.

case-heard-and-nothing-directed = The request was heard in the majlis, and nothing needed to be directed.

# A case, as every page shows it.

case-number = Case number
case-kind = Kind
case-kind-audience = Audience
case-kind-petition = Petition
case-kind-suggestion = Suggestion
case-kind-complaint = Complaint
case-opened = Opened
case-agency = Agency
case-turn = With
case-turn-of = With: { $owner }
case-due = Due by
case-contest-until = May be contested until
case-closed-on = Closed
case-why = Why
case-goes-on-as = Goes on as
case-on-agenda = Before the next sitting

case-state-received = New
case-state-proposed = To be ratified by the citizen
case-state-referred = Referred
case-state-under-way = Under way
case-state-asked = The agency asks
case-state-answered = Answered
case-state-contested = Contested
case-state-closed = Closed

case-owner-desk = Reception desk
case-owner-office = The Amir’s office
case-owner-agency = The agency
case-owner-citizen = The citizen
case-by-service = By itself
case-by = { $side }, { $name }
case-at = { $day }, { $time }

case-closed-accepted = The citizen accepted the answer
case-closed-unopposed = The time to contest is over, and nobody did
case-closed-withdrawn = The citizen withdrew it
case-closed-given-up = The audience it was opened for was cancelled
case-closed-merged = Merged into another case

case-due-today = Due today
case-due-tomorrow = Due tomorrow
case-due-days = { $days ->
    [one] Due in { $days } day
   *[other] Due in { $days } days
}
case-late = Late
case-late-days = { $days ->
    [one] { $days } day late
   *[other] { $days } days late
}
case-late-new-day = { $days ->
    [one] Late, { $days } more day given
   *[other] Late, { $days } more days given
}
case-may-contest-today = Last day to contest
case-may-contest = { $days ->
    [one] { $days } day to contest
   *[other] { $days } days to contest
}

case-urgency-routine = Routine
case-urgency-urgent = Urgent
case-urgency-immediate = Immediate
case-directive-proposed = Not ratified yet
case-directive-ratified = Ratified by the citizen
case-directive-corrected = The citizen says it was otherwise
case-directive-replaced = Written anew
case-directive-to = To { $agency }, to be answered before the end of { $day }
case-correction = What the citizen says was otherwise

case-entry-opened = The case was opened
case-entry-heard = The citizen was heard in the majlis
case-entry-directed = A directive was written
case-entry-ratified = The citizen ratified the directive, and it was referred
case-entry-corrected = The citizen said that the directive was otherwise
case-entry-referred = Referred
case-entry-taken-on = Taken on by the agency
case-entry-returned = Given back by the agency
case-entry-reassigned = Sent to another agency
case-entry-asked = The agency asked
case-entry-replied = The agency’s question was answered
case-entry-reported = A part is done
case-entry-answered = Answered
case-entry-notified = The citizen was told of the answer
case-entry-accepted = The citizen accepted the answer
case-entry-contested = The citizen contested the answer
case-entry-prolonged = More time was given
case-entry-escalated = The time was over, and it went further up
case-entry-lapsed = The time to contest was over, and it was closed
case-entry-withdrawn = The citizen withdrew it
case-entry-merged = Merged into another case
case-entry-given-up = Closed, because its audience was cancelled
case-entry-taken-up-again = Opened again

case-remaining-done = Done
case-remaining-by = Before the end of { $day }

case-paper-petition = With the request
case-paper-answer = With the agency’s answer
case-paper-reply = With the reply to a question
case-paper-open = Open
case-paper-open-named = Open { $name }
