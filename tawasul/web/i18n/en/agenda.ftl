# Before the next sitting: what is contested, what is late, and what waits for the office to write.

agenda-title = Before the next sitting
agenda-loading = Opening…
agenda-sitting = The next sitting begins on { $day }, at { $time }.
agenda-no-sitting = No sitting is planned in the next thirty days.
agenda-print = Print
agenda-empty = Nothing is before the next sitting
agenda-empty-text = Every case whose answer is contested comes here, and every case that was late three times.
agenda-waiting = Waiting for the office to write
agenda-waiting-lead = What was heard without an agency, what its citizen said was otherwise, and what an agency gave back.
agenda-waiting-empty = Nothing waits.
agenda-find = Find a case
agenda-find-label = The case’s number, the number of an ID, or words of its subject
agenda-find-button = Search
agenda-found-none = There is no such case. Look at the number or the words again.

agenda-brought-contested = The answer was contested
agenda-brought-again = { $count ->
    [one] The answer was contested
   *[other] Contested { $count } times
}
agenda-brought-heard = Heard, and no agency named
agenda-brought-corrected = The citizen said that it was directed otherwise
agenda-brought-returned = An agency gave it back
agenda-brought-overdue = Late, and brought before the sitting
agenda-since = since { $day }

agenda-back = To the list
agenda-no-case = There is no case here
agenda-kept = What you wrote is kept: you find it when you open this again.
agenda-citizen = Whose case it is
agenda-mobile-ends = Last four digits of the mobile
agenda-part-facts = The case
agenda-part-directive = The directive
agenda-part-remaining = What remains
agenda-part-history = What has happened

agenda-review = Read it once more
agenda-step-back = Change it
agenda-no-agencies = The agencies could not be had. Close this and open it again.
agenda-due = By the end of
agenda-reason = The reason
agenda-review-agency = To: { $agency }
agenda-review-due = By the end of { $day }, { $urgency }

agenda-direct = Direct
agenda-direct-text = The desk reads it to the citizen. Once they say that it is so, it goes to the agency.
agenda-direct-confirm = Save the directive
agenda-direct-done = The directive is saved, and waits for the citizen to ratify it.
agenda-settle = Answer it here
agenda-settle-text = The answer goes to the citizen, who may contest it. It is not referred to an agency.
agenda-settle-words = The answer
agenda-settle-confirm = Send the answer
agenda-settle-done = The answer was sent to the citizen.
agenda-prolong = Give more time
agenda-prolong-text = The agency has until the end of the day you choose. The reason stays in the case.
agenda-prolong-confirm = Give more time
agenda-prolong-done = The agency has more time.
agenda-reassign = Send to another agency
agenda-reassign-text = It is taken from the present agency and referred to the one you choose. The reason stays in the case.
agenda-reassign-confirm = Send it there
agenda-reassign-done = The case was sent to the other agency.
