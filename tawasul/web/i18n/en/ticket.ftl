## The ticket of an appointment, on the screen and on paper

ticket-title = Majlis of { $region }
ticket-reference = Reference
ticket-day = Day
ticket-time = Time
ticket-turn = About this time; people are received in turn.
ticket-early = Please come a quarter of an hour before.
ticket-early-own = Open the link a quarter of an hour before.
ticket-place = Place
ticket-own-location = From where you are
ticket-own-location-note = You join by the link you were sent. There is no need to come.
ticket-home-visit = Home visit
ticket-in-person = In person, at the majlis
ticket-bring = Please bring
ticket-bring-identity = Your national ID or residence permit
ticket-bring-proof = The original of the power of attorney or deed
ticket-bring-petition = Your petition and its papers, if there are any
ticket-bring-device = A telephone or computer with camera and microphone
ticket-scan = The reception desk reads the code.
ticket-keep = This ticket holds neither your name nor your ID number.
ticket-page-title = Ticket
ticket-print = Print
ticket-paper = Paper
ticket-paper-roll = 80 mm roll
ticket-paper-sheet = A4 sheet
ticket-pdf = PDF file
ticket-qr = The ticket's code
