## The words of a call at both ends: what the pages say while they work. Used by the modules of static/js.

## How the call stands

call-first-office = Calling the citizen in
call-first-office-text = Sound and picture will be here in a moment.
call-other-first = Almost there
call-other-first-text = You receive the other person’s picture; yours has not arrived there yet. A moment, please.
call-in-call = Connected
call-in-call-text = Both of you see and hear each other.
call-again = Sound and picture were lost
call-other-again = Sound and picture were lost at the other end
call-again-text = The connection is being made again by itself. There is nothing you need to do.
call-note-line = The line to the service is being restored; the conversation goes on.
call-note-other-line = The other person’s line to the service is being restored; the conversation goes on.
call-over-here = You ended the call
call-over-office = The Amir’s office ended the call
call-over-citizen = The citizen ended the call
call-over-concluded = The audience is concluded
call-over-no-answer = The call could not be made
call-over-taken-back = The office took the call-in back
call-over-not-private = The call was ended, because its privacy could not be proven
call-over-lost = The call was lost and did not come back
call-over-unknown = The call ended while the line was away
call-waits-again = Your place in the queue is kept, and you will be called in again.
call-waits-again-office = The citizen’s place in the queue is kept.
call-outcome-next = Thank you. The outcome is being written now.
call-outcome-next-office = The outcome is written next, then the next citizen is called in.
call-unlock-sound = Turn the sound on
call-sound-locked = The browser waits for a touch of yours to turn the sound on.

## How the call is, and whose line makes it so

quality-fair = The connection is a little weaker than usual at the moment.
quality-fair-own = Your line is a little weaker than usual at the moment.
quality-fair-citizen = The citizen’s line is a little weaker than usual at the moment.
quality-fair-office = The office’s line is a little weaker than usual at the moment.
quality-fair-service = The service between you is a little weaker than usual at the moment.
quality-poor = The connection is weak at the moment; sound comes first.
quality-poor-own = Your line is weak at the moment; sound comes first.
quality-poor-citizen = The citizen’s line is weak at the moment; sound comes first.
quality-poor-office = The office’s line is weak at the moment; sound comes first.
quality-poor-service = The service between you is weak at the moment; sound comes first.
quality-voice = The connection is weak at the moment: sound alone, with a still picture.
quality-voice-own = Your line is weak at the moment: sound alone, with a still picture.
quality-voice-citizen = The citizen’s line is weak at the moment: sound alone, with a still picture.
quality-voice-office = The office’s line is weak at the moment: sound alone, with a still picture.
quality-voice-service = The service between you is weak at the moment: sound alone, with a still picture.
quality-advice = If you are on Wi-Fi, moving closer to its router may help.
quality-nothing = Neither sound nor picture arrives at the moment. A moment, please.

## The line to the service

line-connecting = Connecting to the service…
line-restoring = The line to the service was lost and is being restored by itself. Everything saved is safe.
line-replaced = This page was opened elsewhere, so it has stopped here.
line-signed-out = You have been signed out. Please sign in again.
line-stopped = The line to the service has stopped.
line-use-here = Go on here
line-sign-in = Sign in
line-reload = Reload the page

## Camera and microphone

device-camera-not-allowed = The browser was not allowed to use the camera. Allow it in the site’s settings beside the address, then try again.
device-camera-not-found = No camera was found. Plug one in; it will be used as soon as it is there.
device-camera-busy = Another program is using the camera. Close it, then try again.
device-camera-failed = The camera could not be started. Try again, or choose another camera.
device-camera-unplugged = The camera was unplugged. Plug it in again; the picture will come back by itself.
device-microphone-not-allowed = The browser was not allowed to use the microphone. Allow it in the site’s settings beside the address, then try again.
device-microphone-not-found = No microphone was found. Plug one in; it will be used as soon as it is there.
device-microphone-busy = Another program is using the microphone. Close it, then try again.
device-microphone-failed = The microphone could not be started. Try again, or choose another microphone.
device-microphone-unplugged = The microphone was unplugged. Plug it in again; the sound will come back by itself.
device-insecure = The browser gives camera and microphone only to a secure connection. Open the page with an address that begins with https.
device-unnamed = Device { $number }

## The office’s console

office-line-first = There is no line to the service at the moment. Try again when it is back; what was written is kept on this page.
office-calling = Calling { $name } in
office-call-in-name = Call { $name } in
office-waits = for { $wait }
office-online = Connected
office-offline = Not connected
office-in-person = In person
office-walk-in = Without a time
office-interrupted = { $count ->
    [one] Call interrupted once
   *[other] Call interrupted { $count } times
}
office-assurance-declared = Identity declared, not checked
office-assurance-seen = Identity seen at the desk
office-assurance-nafath = Verified by Nafath
office-caller-called = Being called in
office-caller-in-call = In the audience
office-caller-again = Being reconnected
office-caller-in-the-room = In the room now
office-caller-heard = The call is over; the outcome is still to be written
office-caller-elsewhere = In the audience on another screen of the office
office-caller-called-elsewhere = Called in from another screen of the office
office-concluded-directive = The directive is saved and audience { $reference } is concluded
office-concluded-heard = Audience { $reference } is concluded without a directive
office-directive-empty = Write the directive, or conclude without one.
office-directive-left = { $count ->
    [one] { $count } character left
   *[other] { $count } characters left
}
path-host = Path: direct within the network
path-reflexive = Path: direct across networks
path-relay = Path: through the relay

## The citizen’s page

join-called = It is your turn. The Amir’s office is opening the call with you now.
join-title-call = It is your turn
join-check-opening = Waiting for your permission in the browser…
join-check-camera-ok = It works. This is your picture as the office will see it.
join-check-microphone-speak = It works. Say a few words, so that we know your voice arrives.
join-check-microphone-ok = We hear you well.
join-check-speaker-playing = Playing the tone…
join-check-speaker-ok = The tone was played. If you did not hear it, turn the volume up and try again.
join-check-speaker-failed = The browser did not allow the sound to play. Press the button again.
join-check-path-running = Trying the way through the relay…
join-check-path-ok = The connection is good for a call.
join-check-path-slow = The connection works, but slowly. The sound may lag a little.
join-check-path-blocked = The trial did not pass through this network. You can go on, but another network, such as mobile data, would be better.
join-check-path-none = The service named no relay. You can go on.
join-check-path-unsupported = This browser cannot make video calls. Update it, or use another one.
join-only-sound = Your picture does not arrive. You can go on with sound alone, or mend the camera first.
join-only-picture = Your sound does not arrive. Please mend the microphone before going on, if you can.
join-no-devices = Neither camera nor microphone works. At least one of them is needed for the audience.
join-office-present = The office is connected
join-office-away = The office is not connected yet
join-place = { $before ->
    [one] { $before } person is before you
   *[other] { $before } people are before you
}
join-place-next = You are next
join-place-called = You have been called in
join-expected = We expect to call you in after about { $wait }
join-expected-soon = We expect to call you in shortly
join-thanks-outcome-next = Your audience with the Amir is complete. Its outcome is being written now.
join-thanks-directed = Your audience with the Amir is complete. A directive was given, and it is followed up until its answer reaches you.
join-thanks-heard = Your audience with the Amir is complete, and what you presented was heard.
join-thanks-concluded = Your audience with the Amir is complete, and its outcome is written.
join-open-link = Open the link that the reception centre sent you, on this device.
join-cancelled = This appointment was cancelled. Please ask the reception centre for another.
join-missed = This appointment has passed. Please ask the reception centre for another.
join-try-again = Try again
