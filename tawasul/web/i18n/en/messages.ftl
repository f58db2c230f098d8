## Messages to citizens: neutral, with no name, number or purpose, in one part or two.

message-when = { $weekday } { $hijri } AH ({ $gregorian }) { $time }
message-soon = { $weekday } { $time }
message-morning = { $time } am
message-evening = { $time } pm
message-place = Place: { $place }
message-link = Details: { $link }

message-booked = Your appointment: { $when }
message-moved = Your new appointment: { $when }
message-cancelled = Your appointment is cancelled: { $when }
message-reminder-day = Reminder: your appointment is { $when }
message-reminder-hours = Reminder: your appointment is { $when }
message-offer = A time has become free for you. Please answer before { $soon }
message-offer-lapsed = The time to answer for the appointment offered to you is over.
message-offer-withdrawn = We are sorry, the appointment offered to you is no longer to be had. You keep your place on the list.
message-rebooked = Your appointment had to be moved to { $when }
message-time-lost = We are sorry, your appointment { $when } cannot take place. We shall call you
message-answer-ready = There is an answer for you. You may accept it or object until { $when }
message-answer-closes-soon = If you do not object, the answer you were given stands from { $when }
message-question = We need to know something more from you, and shall call you.
