## The stage of a call, at both ends

stage-label = Video call
stage-remote = The other person’s picture
stage-own = Your picture as it is sent
stage-own-picture-off = Your picture is off
stage-clock = Length of the call
stage-controls = Call controls
stage-mute-sound = Mute my sound
stage-unmute-sound = Muted – turn on
stage-mute-picture = Turn my picture off
stage-unmute-picture = Picture off – turn on
stage-hang-up = End the call
stage-remote-sound-off = Sound is muted
stage-remote-picture-off = Picture is off
stage-idle-title-office = No call at the moment
stage-idle-text-office = When you call a citizen in, the picture appears here within a second or two.
stage-idle-title-citizen = Connecting you with the Amir’s office
stage-idle-text-citizen = The picture will be here in a moment.
