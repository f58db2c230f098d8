## A citizen follows their case: by its number on any screen, or by the link of a message on their telephone

track-title = Follow your case
track-lead = Type the number of the case, then your mobile or ID as it is kept with it.
track-number = Number of the case
track-number-short = Case number
track-number-hint = Such as ⁦1448-00471-5⁩, with or without the dashes.
track-number-slip = Something in this number is missing or wrong. Compare it with what was written down for you.
track-proof = Mobile or ID number
track-proof-hint = The one that you gave the reception centre.
track-look = Show my case
track-not-found = There is no case of this number with this mobile or ID. Check both numbers, or ask at a reception centre.
track-no-number = Lost the number? Any reception centre gives it to you if you bring your ID.
track-done = I am done, hide my case
track-idle = Your case will be hidden in a moment. Touch the screen to keep it.
track-hidden = Your case is hidden, and nothing of it is left on this screen.
track-back = Back
track-subject = Subject
track-answer = The answer
track-answer-from = From { $agency }, { $day }
track-answer-on = { $day }
track-answer-where = To accept the answer or to object, open the link that came to your telephone, or visit any reception centre.
track-files = Documents of the answer
track-file = { $name } ({ $size })
track-file-size = { $size } KB
track-file-saved = The document is saved on your device.
track-files-by-link = The documents open by the link that came to your telephone, or are printed for you at a reception centre.
track-directive = What was directed
track-directive-to = Agency
track-directive-due = Answers before the end of
track-remaining = What remains
track-remains-due = { $words }, before the end of { $day }
track-remains-done = { $words }: done
track-entries = What has happened
track-due = The next step is due before the end of { $day }
track-due-late = The next step is late, and we are looking after it.

## Where it is

track-received = We have your case
track-received-text = The reception looks at it and brings it to whoever can do it.
track-received-office = Your case is with the Amir’s office
track-received-office-text = The office decides to which agency it goes.
track-proposed = A directive was given; you are to say that it is so
track-proposed-text = It goes to its agency once you have said that it is as you heard it. The reception reads it to you: visit the centre, or wait for its call.
track-proposed-here = Read it below, then tell us whether it is what you heard. After that it goes to its agency.
track-referred = With { $agency }
track-referred-text = We are waiting for the agency to begin.
track-under-way = { $agency } is working on it
track-under-way-text = We shall tell you when there is an answer.
track-asked = The agency needs to know something more
track-asked-text = The reception will call you, or visit the centre.
track-answered = There is an answer
track-answered-text = Read it, then tell us: do you accept it?
track-contested = Your objection comes before the next sitting
track-contested-text = Your case is not closed while you object.
track-closed = Your case is closed
track-closed-accepted = You accepted the answer.
track-closed-unopposed = The time to object is over; you had been told of the answer.
track-closed-withdrawn = You ended it.
track-closed-given-up = Its audience was cancelled, and nothing else was asked.
track-closed-merged = It was joined to your case { $number }: please follow that one.

## What has happened

track-entry-opened = Your case was received
track-entry-heard = You were heard in the majlis
track-entry-directed = A directive was given
track-entry-ratified = You said that the directive is so, and it went to { $agency }
track-entry-corrected = You said that it was directed otherwise
track-entry-referred = It went to { $agency }
track-entry-taken-on = Work on it began: { $agency }
track-entry-returned = { $agency } gave it back, to be sent elsewhere
track-entry-reassigned = It was moved to { $agency }
track-entry-asked = More had to be known: { $agency }
track-entry-replied = The agency has its reply
track-entry-reported = A part is done, a part remains
track-entry-answered = An answer was given
track-entry-notified = You were told of the answer
track-entry-accepted = You accepted the answer
track-entry-contested = You objected to the answer
track-entry-prolonged = More time was given
track-entry-escalated = It was late, and was taken further up
track-entry-lapsed = The time to object was over
track-entry-withdrawn = You ended it
track-entry-merged = It was joined to another case of yours
track-entry-given-up = It was closed because the audience was cancelled
track-entry-taken-up-again = It was opened again
track-entry-agency = the agency concerned

## Was it directed so?

directive-title = This is what was directed
directive-question = Is that what you heard?
directive-yes = Yes, it was so
directive-no = It was otherwise
directive-sure = The directive now goes to { $agency } in these words.
directive-sure-yes = Yes, send it
directive-words = What was directed?
directive-words-hint = In your own words, as you heard it.
directive-send = Send to the office
directive-ratified = The directive has gone to { $agency }. We shall tell you when there is an answer.
directive-corrected = Your words have reached the office. It writes the directive anew, and shows it to you.
directive-settled = This directive was changed or answered meanwhile. This is how it stands now.
directive-to-desk = It cannot go to this agency now. The Amir’s office sees to it, and the reception will call you.
after-number = The number of your case is { $number }. Keep it to follow the case.
after-track = Follow it on the page “Follow your case”, or at any reception centre.
after-spared = This audience spared you about { $kilometres ->
    [one] { $kilometres } kilometre
   *[other] { $kilometres } kilometres
} there and back.

## By the link of a message

link-title = Your case
link-loading = One moment please…
link-none = Open the link from the message that you were sent, or follow your case by its number.
link-problem-what = You can follow your case by its number, or ask at any reception centre.
link-decide = Do you accept this answer?
link-decide-until = You may object until the end of { $day }. If you say nothing, the case is closed after that.
link-decide-contested = You objected to this answer, and it comes before the next sitting. If you are content with it before then, accept it.
link-accept = I accept the answer
link-contest = I do not accept it
link-accept-title = Do you accept the answer?
link-accept-text = Your case is closed if you accept. If something is still missing, object instead.
link-accept-yes = Yes, I accept it
link-accepted = You accepted the answer, and your case is closed. Thank you.
link-contest-title = Why do you not accept it?
link-contest-text = Your objection comes before the next sitting, and your case is not closed until then.
link-contest-reason = The reason
link-contest-hint = What was not done, or is not right? What you write stays here until you send it.
link-contest-send = Send the objection
link-contested = Your objection has come in, and goes before the next sitting.
link-withdraw = I want nothing more
link-withdraw-title = Do you want to end your case?
link-withdraw-text = It is closed, and nobody works on it any more. If you need it later, open a new one at the nearest centre.
link-withdraw-yes = Yes, end my case
link-withdraw-no = Keep my case
link-withdrawn = Your case was closed as you asked.
link-moved-on = Your case moved on a moment ago. This is how it stands now.
link-rating = Are you satisfied?
link-rating-good = Satisfied
link-rating-middling = So so
link-rating-bad = Not satisfied
link-rating-private = One touch, counted among others, and linked neither to you nor to your case.
link-rating-thanks = Thank you. Your opinion has been counted among the others.
link-rating-before = Your opinion was counted before. Thank you.
