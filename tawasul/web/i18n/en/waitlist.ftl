# The waitlist at the desk.

waitlist-lead = When a time becomes free it is offered to the first whom it suits. The order is the whole region’s, and its reason is shown.
waitlist-offered = A time is offered to them
waitlist-offered-lead = The time is kept until they answer. Call those whom the message does not reach.
waitlist-empty = Nobody waits for a time
waitlist-empty-text = When there is no time that suits somebody, put them on the list from the booking page.
waitlist-wish = { $place }, { $days }
waitlist-days = { $from } to { $to }
waitlist-offer = { $day }, { $time }
waitlist-left = Left to answer: { $wait }
waitlist-lapsing = The time to answer is over
waitlist-accept = They accept
waitlist-decline = It does not suit
waitlist-withdraw = Take off the list
waitlist-accept-sure = Do they accept the time offered?
waitlist-decline-sure = It does not suit them? It goes to the next.
waitlist-withdraw-sure = Take them off the list?
waitlist-accepted = It is booked for them.
waitlist-declined = The time goes to the next.
waitlist-withdrawn = Taken off the list.
waitlist-restored = Back at their place on the list.
waitlist-why-rebooked = Lost a time, through no fault of theirs
waitlist-why-disabled = Disabled
waitlist-why-elderly = Elderly
waitlist-why-travelled-far = Travels far
waitlist-why-governorate-behind = Their governorate had less this month
waitlist-why-joined = By the time of joining
