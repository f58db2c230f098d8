## The receipt of a directive, on paper and on the page that verifies it

receipt-title = Directive receipt
receipt-case = Case number
receipt-to = Directed to
receipt-due = To be answered by
receipt-urgency = Priority
receipt-routine = Routine
receipt-urgent = Urgent
receipt-immediate = Immediate
receipt-wording = What was directed
receipt-wording-beginning = What was directed, its beginning
receipt-ratified = Confirmed by the citizen as they heard it
receipt-code = The receipt's code
receipt-scan = Scan the code with any telephone to verify this receipt, or open this address.
receipt-without-us = It can be verified even when the service does not answer.
receipt-part = { $whole ->
    [one] We signed the beginning of the text and a fingerprint of the whole.
   *[other] The text has { $whole } characters; we signed its beginning and a fingerprint of the whole.
}
receipt-private = This receipt holds neither your name, nor your ID, nor your mobile number.
receipt-follow = To follow the case by its number open this address, or visit any reception centre.
receipt-page-title = Directive receipt
receipt-print = Print
receipt-paper = Paper
receipt-paper-roll = 80 mm roll
receipt-paper-sheet = A4 sheet

receipt-verify = Verify a directive receipt
receipt-verify-lead = Scan the receipt's code with the reader or the camera, or paste what is in it here.
receipt-given = What the code holds
receipt-given-hint = A reader types it by itself. Arabic-Indic digits will do as well.
receipt-do = Verify
receipt-camera = Read with the camera
receipt-camera-stop = Stop the camera
receipt-camera-refused = The camera did not open. Allow the browser to use it, or use a reader.
receipt-camera-see = Bring the whole code into the frame.
receipt-checking = One moment, please…
receipt-another = Verify another receipt
receipt-genuine = A genuine receipt
receipt-genuine-text = Issued with this text by { $region }; not a letter of it has changed.
receipt-unreadable = We could not read the receipt
receipt-unreadable-text = What was read is not a whole receipt. Please scan the code once more.
receipt-not-ours = Not one of our receipts
receipt-not-ours-text = It is not signed by this region's key. Do not rely on it.
receipt-changed = Not a genuine receipt
receipt-changed-text = The signature does not fit what is written: something was changed after it was issued. Do not rely on it.
receipt-newer = A receipt newer than this page
receipt-newer-text = The signature is right, but this version cannot read what it holds. Open the page with a connection to renew it.
receipt-no-key = The key is not here
receipt-no-key-text = Open this page once with a connection; after that it works without.
receipt-cannot = This browser cannot verify
receipt-cannot-text = Please update the browser, or open the page at an address that begins with https.
receipt-offline = This page is kept on your device and verifies without a network.
