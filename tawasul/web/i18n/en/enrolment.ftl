## Enrolling the office's console: what is compared at the screen, and why nobody is called in before. For _enrolment.html and office-enrolment.js.

enrolment-starting = Looking at this console’s identity…
enrolment-starting-text = A moment, then it goes on by itself.
enrolment-unreachable = The issuer of certificates cannot be reached
enrolment-unreachable-text = The service or its issuer does not answer. It is tried again by itself; nobody can be called in before.
enrolment-no-trust = Trust has not been set up yet
enrolment-no-trust-text = This service has no issuer of certificates, so no call could be proved private. The technical staff set it up; this page then goes on by itself.
enrolment-differs = Stop: the region’s root is not the one this console knows
enrolment-differs-text = Somebody may be trying to stand between the two ends, so nobody is called in from here. Do not go on until the technical staff have compared both fingerprints with the region’s paper.
enrolment-waiting = This console is waiting to be enrolled
enrolment-waiting-text = Two members of staff who may approve devices compare this code, each of them here at the screen. Then it goes on by itself.
enrolment-expired = This console’s certificate has ended
enrolment-expired-text = It is renewed by itself; nobody can be called in before.
enrolment-unproven = The list of revoked devices is too old
enrolment-unproven-text = Nobody can be called in without a fresh list. It is fetched again by itself.
enrolment-revoked = This console was revoked
enrolment-revoked-text = A member of staff revoked this console’s key, so nobody is called in from here. If that was a mistake, begin anew with a new key, and two members of staff enrol it again.
enrolment-refused = The issuer does not enrol this console
enrolment-refused-text = Tell the technical staff the code below. You can also begin anew with a new key.
enrolment-clock = This machine’s clock is wrong
enrolment-clock-text = Set this machine’s time and date; then it goes on by itself. Nobody can be called in before.
enrolment-trouble = The last attempt did not succeed ({ $code }); it is tried again by itself.
enrolment-refusal = Code: { $code }

enrolment-qr = A QR code with this console’s name and key, for the member of staff to scan
enrolment-code = Code of this console
enrolment-approvals = Approvals: { $given } of { $needed }
enrolment-step-first = The first member of staff stands at this screen, compares the code or scans the picture, and approves with their own key.
enrolment-step-second = A second member of staff, another person, does the same.
enrolment-step-only = Nobody approves from a list, a message or a telephone call: only what this screen shows counts.
enrolment-anchor = Fingerprint of the region’s root
enrolment-anchor-first = This browser had it from the service for the first time. Compare it with the region’s paper before anybody approves.
enrolment-anchor-by-hand = From the file that was brought to this machine.
enrolment-known = The fingerprint known here
enrolment-offered-server = The fingerprint that the service names
enrolment-offered-file = The fingerprint in this machine’s file

enrolment-anew = Begin anew with a new key
enrolment-dialog-title = Give up this console’s key?
enrolment-dialog-text = The key, the certificate and the known root are deleted from this browser; then two members of staff enrol the console again.
enrolment-dialog-confirm = Yes, begin anew
enrolment-dialog-back = Back

enrolment-until = This console is enrolled until { $day }, { $time }
enrolment-lapsed = This certificate will not be renewed: have the console enrolled again before it ends.
enrolment-name = Name of the console
enrolment-key = Fingerprint of its key
enrolment-kept-label = Keeping the key
enrolment-kept = The browser keeps it until somebody deletes it.
enrolment-not-kept = The browser may delete it when room runs short; the console is then enrolled again.
enrolment-first = This console is not enrolled at present, so nobody can be called in from it.
