# The office's console: to which agency a directive goes, and the card of whose turn it is.

office-nav = Pages of the office
office-nav-follow-through = Follow-through

office-wording = Template
office-wording-none = Choose one, then change it
office-agency = Agency
office-agency-search = Search by the agency’s name
office-agency-unknown = Choose the agency from the list.
office-agency-none = No agency of that name
office-agency-found = { $count ->
    [one] One agency
   *[other] { $count } agencies
}
office-urgency = Priority
office-due = Answer by the end of
office-due-quick = Days close by
office-due-week = A week
office-due-fortnight = Two weeks
office-due-month = A month
office-due-passed = Choose a day after today.
office-due-hint = { $days ->
    [one] If left empty: the agency’s usual time, one working day
   *[other] If left empty: the agency’s usual time, { $days } working days
}
office-key-conclude = Save the directive, from any field of the outcome
office-key-card = Open or hide the card of the case

office-card-open = The case
office-card-open-next = The next one’s case
office-card-close = Hide the card
office-card-next = Next
office-card-loading = Opening the case…
office-card-again = Try again
office-card-petition = The petition
office-card-papers = Attachments
office-card-before = What went before in this case
office-card-earlier = Their other cases
office-card-answer = The answer
office-card-nothing = No earlier directive.
office-papers-elsewhere = Attachments are opened from the service’s own pages, not from this console.
