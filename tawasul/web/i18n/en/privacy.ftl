## The privacy of a call: what both people see of there being nobody in the middle. Used by _stage.html, _privacy.html and static/js/call.

## The strip on the stage

privacy-label = Privacy of the call
privacy-checking = Checking that the call is private…
privacy-verified = Verified – only you and { $name } hear each other
privacy-unverified = Not yet verified – compare the six digits
privacy-doubtful = Something that did not open came from { $name }; it was not shown
privacy-ended = The call was ended: { $reason }
privacy-over = The call is over, and the attestation of its privacy can be saved
privacy-details = Details
privacy-you = You
privacy-citizen-device = The citizen (own device)
privacy-own-device = This device of yours
privacy-office = The Amir’s office

## Comparing the digits

phrase-title-citizen = Read these digits to the office
phrase-text-citizen = Read the six digits aloud, from the first to the last, and ask: are they the same on your side?
phrase-title-office = Compare these digits with the citizen
phrase-text-office = Ask the citizen to read out their six digits, and look: are they the same here?
phrase-same = The same
phrase-different = Different
phrase-remark = If they differ the call ends at once, and the place in the queue is kept.
phrase-digits = The six digits and their pictures
phrase-picture-palm = palm
phrase-picture-camel = camel
phrase-picture-falcon = falcon
phrase-picture-coffee-pot = coffee pot
phrase-picture-lantern = lantern
phrase-picture-tent = tent
phrase-picture-moon = moon
phrase-picture-horse = horse
phrase-picture-key = key
phrase-picture-ship = ship

## Details

privacy-title = The privacy of this call
privacy-present = Present in this call
privacy-present-alone = Nobody else can join, not even the service itself: only these two devices have the keys, and neither sound nor picture is recorded.
privacy-compare = The six digits
privacy-compared-same = You said that the digits are the same on both sides.
privacy-compare-needed = Comparing them is the proof: the citizen’s own device has no certificate.
privacy-compare-optional = Each side has a certificate that proves who it is. For those who want a second proof: the digits are the same on the other side.
privacy-technical = Technical details
privacy-other-key = Thumbprint of the other’s key
privacy-own-key = Thumbprint of this device’s key
privacy-certificate = The other’s certificate
privacy-certificate-none = None: the citizen’s own device
privacy-certificate-until = { $name }, valid until { $until }
privacy-transport = Transport certificate (DTLS)
privacy-epoch = Present keys
privacy-epoch-value = Epoch { $epoch }
privacy-frames = Sound and picture
privacy-frames-value = { $sealed } sealed, { $opened } opened, { $refused } refused
privacy-algorithms = Algorithms
privacy-save = Save the attestation
privacy-save-text = Both sides sign it at the end of the call: who held the keys, from when to when. Nothing of what was said is in it.
privacy-save-later = It is ready when the call ends.

## Why it was ended

privacy-because-differs = the six digits differ, so somebody may be in between.
privacy-because-certificate = the other side could not prove who it is.
privacy-because-expired = the other side’s certificate has expired. The member of staff in charge renews it.
privacy-because-clock = the clock of one of the devices is wrong.
privacy-because-revoked = the other side’s device is no longer trusted.
privacy-because-role = the other side is not who it should be.
privacy-because-revocations = it could not be checked that the other side’s device is still trusted.
privacy-because-middle = what arrived is not what the other side sent, so somebody may be in between.
privacy-because-unreadable = the other side sent something that cannot be understood.
privacy-because-version = the other side runs another version of the system.
privacy-because-tries = the call was tried again and again and nobody compared the digits, so somebody may be in between. Next time compare them as soon as they appear.
privacy-because-late = the check was not finished in time.
privacy-because-other = the other side’s device refused to go on.
privacy-because-identity = this device is not enrolled yet, so it cannot prove who it is.
privacy-because-unknown = the call could not be proven private.

## A browser that lacks what is needed

gate-title = This browser cannot keep the call private
gate-text = This browser lacks what is needed to encrypt the call between both ends, so the call is not opened in it. Use a recent version of Chrome, Edge or Safari, or come to the nearest reception centre.
