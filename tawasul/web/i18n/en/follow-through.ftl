# Follow-through: what is open and overdue, and how it is answered.

follow-title = Follow-through
follow-lead = What is still open, what is overdue, and how it was answered. Small numbers are not told, for the sake of those behind them.

follow-range = Time
follow-week = This week
follow-month = This Gregorian month
follow-year = This Hijri year
follow-own = Another time
follow-from = From
follow-to = To
follow-show = Show
follow-shown = From { $from } to { $to }
follow-loading = The figures are being counted…
follow-again = Try again
follow-csv = CSV file
follow-xlsx = XLSX workbook
follow-print = Print

follow-empty = No cases in this time
follow-empty-text = None was opened or answered in it, and none is open now. Choose another time.

follow-now = Now
follow-in-range = In this time
follow-all = The whole region
follow-open = Open
follow-overdue = Overdue
follow-on-time = In time
follow-opened = Opened
follow-answered = Answered
follow-closed = Closed
follow-median = Median days to answer
follow-contested = Contested share
follow-satisfied = Satisfied share
follow-satisfied-yes = Satisfied
follow-satisfied-partly = Partly satisfied
follow-satisfied-no = Not satisfied
follow-satisfied-counts = { $yes } satisfied · { $partly } partly · { $no } not
follow-satisfied-months = Of the whole Gregorian months that this time touches
follow-few = Fewer than five
follow-number = { $number }
follow-percent = { $number }%

follow-by-agency = By agency
follow-by-agency-note = What is open with each agency now, and how much of it is overdue. Choose an agency to see its cases.
follow-agency = Agency
follow-no-agency = With desks and office, referred to no agency
follow-by-governorate = By governorate
follow-by-governorate-note = What is open in each governorate now, and how much of it is overdue. Choose a governorate to see its cases.
follow-governorate = Governorate
follow-bar = Open and overdue
follow-bar-text = { $open } open, { $overdue } of them overdue

follow-weeks = Opened and closed in each week
follow-weeks-text = At most { $opened } were opened in a week, and { $closed } closed. All numbers are in the table below.
follow-weeks-none = No case was opened or closed in this time.
follow-weeks-table = The numbers of the weeks
follow-week-begins = Week from

follow-spared = Journeys spared
follow-spared-audiences = Audiences without a journey
follow-spared-kilometres = Kilometres not travelled
follow-spared-hours = Hours not spent on the road
follow-spared-note = There and back in a straight line, at { $speed } km an hour: the least that was spared.

follow-cases-all = Open cases
follow-cases-of = Open cases: { $name }
follow-cases-lead = What is overdue first, then by latest number.
follow-cases-loading = The cases are being read…
follow-cases-empty = No case is open here.
follow-cases-more = Show more
follow-cases-close = Close the list
follow-cases-show = Show the open cases
follow-cases-unknown = There is no agency or governorate of this name in the figures above.

follow-sheet-of = Of
follow-sheet-name = Name
follow-sheet-region = Region
follow-sheet-governorate = Governorate
follow-sheet-agency = Agency
follow-sheet-week = Week
follow-sheet-spared = Spared
follow-count = Count
