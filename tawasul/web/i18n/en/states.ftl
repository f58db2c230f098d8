## States of an audience, of identity and of place, as every page says them

state-booked = Booked
state-arrived = Waiting
state-called-in = Called in
state-in-call = In the audience
state-heard = Outcome being written
state-concluded = Concluded
state-cancelled = Cancelled
state-missed = Did not come

assurance-declared = Declared ID only
assurance-seen-at-desk = ID seen at desk
assurance-nafath = Verified by Nafath

kind-citizen = Citizen
kind-resident = Resident

priority-rebooked = Rebooked
priority-disabled = Disability
priority-elderly = Elderly
priority-travelled-far = Travelled far
priority-other = Priority
