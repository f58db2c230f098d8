## The list of the appointments on paper and as a file

list-title = List of appointments
list-sheet = Appointments
list-day = Day
list-hijri-day = Hijri day
list-time = Time
list-starts = From
list-ends = Until
list-reference = Reference
list-name = Name
list-id = ID ends in
list-mobile = Mobile ends in
list-place = Place
list-party = Comes as
list-priorities = Priority
list-state = State
list-arrived = Arrived
list-empty = No appointments in this sitting.
list-private = For use at the reception desk. Destroy this sheet after the sitting.
list-and = {", "}
list-walk-in = Walk-in
list-representative = Represented by { $name }
list-group = { $size ->
    [one] One person
   *[other] Group of { $size }
}
list-kiosk-elsewhere = A kiosk in another governorate
list-own-location = Own location
list-in-person = In person
list-missed-office = Not received: office
list-missed-technical = Not received: technical fault
list-priority-rebooked = Lost an earlier time
list-priority-disabled = Disabled
list-priority-elderly = Elderly
list-priority-far = Travelled far
