# What needs a person at the desk.

tasks-title = Tasks
tasks-lead = What needs a call, or somebody to look.
tasks-filter = What is shown
tasks-filter-open = All open
tasks-filter-mine = Mine
tasks-empty = There are no tasks now
tasks-empty-text = They appear here as soon as something needs you.
tasks-done-today = Done today:
tasks-owner = Taken by { $name }
tasks-owner-me = Taken by you
tasks-owner-none = Taken by nobody
tasks-due = By { $day } { $time }
tasks-overdue = Overdue
tasks-when = { $day }, { $time }
tasks-done-at = Done at { $time }
tasks-take = Take it
tasks-taken = The task is yours.
tasks-release = Give it back
tasks-released = The task is everybody’s again.
tasks-done = Done
tasks-done-title = Is the task done?
tasks-note = Note
tasks-was-done = The task is done.
tasks-undo = Undo
tasks-undone = The task is open again.

task-tell-of-new-time = Call and tell them their new time
task-find-a-time = Find a time: theirs was lost, and there is none yet
task-tell-of-offer = Call and offer them the free time
task-tell-of-cancellation = Call and tell them it is cancelled
task-message-failed = The message did not arrive: call them
task-check-proof = Look at the proof of who speaks for them
task-plan-home-visit = Plan a home visit
task-ratify = Read the directive to them and have them ratify it
task-answer-question = Answer the agency's question about their case
task-case-overdue = Their case is late: follow it up
