"""The errors of the domain, one class a cause, each with a stable code that a program can act on.

::

    TawasulError
    ├── InvalidInput                what was typed or sent cannot be right
    │   ├── InvalidNationalId
    │   ├── InvalidMobile
    │   ├── InvalidDate             no such day, in either calendar
    │   │   ├── DaysBackwards       a stretch that ends before it begins
    │   │   └── DaysTooMany
    │   ├── InvalidCaseNumber       a slip in it, which the check digit tells
    │   ├── DueDatePassed
    │   ├── ReceiptNotValid         not signed by us, or changed since
    │   ├── AttachmentRefused       none of the kinds that are taken
    │   │   ├── AttachmentMistaken  not what it says
    │   │   ├── AttachmentBroken    cannot be read to its end
    │   │   ├── AttachmentLocked    wants a password
    │   │   ├── AttachmentActive    does something by itself
    │   │   └── AttachmentsFull     one too many
    │   ├── AttachmentTooLarge
    │   ├── TicketNotValid          a code of a ticket that we did not make
    │   └── InvalidText             empty or too long; names the field
    ├── NotFound                    names what was looked for, never its number
    ├── Conflict                    right in itself, not lawful now
    │   ├── UnlawfulTransition
    │   ├── SlotTaken
    │   ├── SlotNotOffered
    │   ├── SlotPassed
    │   ├── TooEarly
    │   ├── QuotaReached
    │   ├── HoldExpired
    │   ├── OfferOver
    │   ├── AlreadyWaiting
    │   ├── SittingsOverlap
    │   ├── TaskTaken
    │   ├── CaseClosed
    │   ├── AnsweredAlready
    │   ├── NoticeNotGiven
    │   ├── DirectiveSettled
    │   ├── AgencyClosed
    │   ├── AlreadyRegistered
    │   ├── AlreadyBooked
    │   ├── KioskBusy
    │   ├── OfficeBusy
    │   ├── VenueNotConnected
    │   ├── NoSuchCall
    │   └── Stale                   somebody else changed it first
    ├── AttachmentNotKept           there is no room for the file, or the disk refuses it
    └── Refused                     the person may not do this
        ├── NotSignedIn
        ├── WrongPassword
        ├── TooManyAttempts
        ├── LinkNotValid
        ├── LinkExpired
        └── LinkUsedElsewhere

The code of each is in ``tawasul.protocol.problems`` with its Arabic and English text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class TawasulError(Exception):
    """Root of the tree. ``code`` is stable; the message is for engineers and holds nothing personal."""

    code: ClassVar[str] = "internal"

    def members(self) -> Mapping[str, object]:
        """What a program may act on besides the code: goes into the answer as JSON. Nothing personal."""
        return {}


class InvalidInput(TawasulError):
    """What was typed or sent cannot be right. ``field`` names where, when it is known."""

    code = "invalid-input"

    def __init__(self, message: str = "", *, field: str | None = None) -> None:
        super().__init__(message or self.code)
        self.field = field


class InvalidNationalId(InvalidInput):
    """Not ten digits beginning with 1 or 2 that satisfy the Luhn check."""

    code = "invalid-national-id"


class InvalidMobile(InvalidInput):
    """Not a Saudi mobile number."""

    code = "invalid-mobile"


class InvalidText(InvalidInput):
    """A text that is empty where it may not be, too long, or holds control characters."""

    code = "invalid-text"


class InvalidDate(InvalidInput):
    """No such day in the calendar it was given in, or outside the years that we know."""

    code = "invalid-date"


class DaysBackwards(InvalidDate):
    """A stretch of days that ends before it begins."""

    code = "days-backwards"


class DaysTooMany(InvalidDate):
    """A stretch of days that is longer than is looked at in one go."""

    code = "days-too-many"


class InvalidCaseNumber(InvalidInput):
    """Not a year, a serial and their check digit."""

    code = "invalid-case-number"


class DueDatePassed(InvalidInput):
    """The day by which something is to be done is not after today."""

    code = "due-date-passed"


class ReceiptNotValid(InvalidInput):
    """What was scanned is no receipt that was signed here, or it was changed since."""

    code = "receipt-not-valid"


class AttachmentRefused(InvalidInput):
    """A file of a kind that is not taken."""

    code = "attachment-refused"


class AttachmentMistaken(AttachmentRefused):
    """A file whose name or announced type is not that of its content."""

    code = "attachment-mistaken"


class AttachmentBroken(AttachmentRefused):
    """A file that cannot be read to its end, or is two things at once."""

    code = "attachment-broken"


class AttachmentLocked(AttachmentRefused):
    """A document that wants a password."""

    code = "attachment-locked"


class AttachmentActive(AttachmentRefused):
    """A document that does something by itself: a script, a program to start, a form that sends, files inside."""

    code = "attachment-active"


class AttachmentsFull(AttachmentRefused):
    """One more than an audience may have."""

    code = "attachments-full"


class AttachmentTooLarge(InvalidInput):
    """A file of more bytes than are taken."""

    code = "attachment-too-large"


class TicketNotValid(InvalidInput):
    """What was scanned or typed is no code of a ticket of ours."""

    code = "ticket-not-valid"


class NotFound(TawasulError):
    """What was asked for is not there (or is not this person's to see: the two look alike on purpose)."""

    code = "not-found"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} not found")
        self.what = what


class Conflict(TawasulError):
    """Right in itself, but not lawful as things stand."""

    code = "conflict"


class UnlawfulTransition(Conflict):
    """A record was asked to make a step that its state does not allow."""

    code = "unlawful-transition"

    def __init__(self, state: str, step: str) -> None:
        super().__init__(f"cannot {step} what is {state}")
        self.state = state
        self.step = step


class SlotTaken(Conflict):
    """The database refused the second taker of a slot."""

    code = "slot-taken"


class SlotNotOffered(Conflict):
    """The time asked for is not a slot of the sitting, or the place is closed then."""

    code = "slot-not-offered"


class SlotPassed(SlotNotOffered):
    """The time asked for is over."""

    code = "slot-passed"


class TooEarly(Conflict):
    """The time that was given is on another day, still to come."""

    code = "too-early"


class QuotaReached(Conflict):
    """This governorate has its share of the sitting; what is left is kept for the others until it is released."""

    code = "quota-reached"


class HoldExpired(Conflict):
    """The slot was kept for a while, and the while is over."""

    code = "hold-expired"


class OfferOver(Conflict):
    """The offer was answered, lapsed or taken back."""

    code = "offer-over"


class AlreadyWaiting(Conflict):
    """This citizen is on the waitlist already."""

    code = "already-waiting"


class SittingsOverlap(Conflict):
    """Another sitting stands in that time."""

    code = "sittings-overlap"


class TaskTaken(Conflict):
    """A colleague has taken the task on."""

    code = "task-taken"


class CaseClosed(Conflict):
    """The case is closed: what more there is to say is a new case."""

    code = "case-closed"


class AnsweredAlready(Conflict):
    """The case has its answer, which is with the citizen now."""

    code = "answered-already"


class NoticeNotGiven(Conflict):
    """A case does not close by silence before the citizen was told, and had the time to say no."""

    code = "notice-not-given"


class DirectiveSettled(Conflict):
    """The directive was ratified, corrected or replaced already."""

    code = "directive-settled"


class AgencyClosed(Conflict):
    """Nothing is referred to this agency any more."""

    code = "agency-closed"


class AlreadyRegistered(Conflict):
    """The national ID belongs to somebody already registered."""

    code = "already-registered"


class AlreadyBooked(Conflict):
    """This citizen has an open audience in this sitting already."""

    code = "already-booked"


class KioskBusy(Conflict):
    """The kiosk is in another call."""

    code = "kiosk-busy"


class OfficeBusy(Conflict):
    """The office is in a call, or has heard somebody whose outcome is not written yet."""

    code = "office-busy"


class VenueNotConnected(Conflict):
    """The kiosk or page of this citizen has no line to the service at this moment; the place in the queue is kept."""

    code = "venue-not-connected"


class NoSuchCall(Conflict):
    """The call is over, or is somebody else's."""

    code = "no-such-call"


class Stale(Conflict):
    """Somebody else changed the record since it was read."""

    code = "stale"


class AttachmentNotKept(TawasulError):
    """The disk is full, or does not take the file. Nothing of it was kept."""

    code = "attachment-not-kept"


class Refused(TawasulError):
    """The person is known, or is not, and may not do this."""

    code = "refused"


class NotSignedIn(Refused):
    """Nobody is signed in, or the sign-in has run out."""

    code = "not-signed-in"


class WrongPassword(Refused):
    """The user name and the password do not belong together. Says no more than that."""

    code = "wrong-password"


class TooManyAttempts(Refused):
    """Too many tries in too short a time. ``retry_after`` is in seconds."""

    code = "too-many-attempts"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


class LinkNotValid(Refused):
    """A link that we did not sign, or whose audience is over."""

    code = "link-not-valid"


class LinkExpired(Refused):
    """A link of ours whose time is over."""

    code = "link-expired"


class LinkUsedElsewhere(Refused):
    """A link that belongs to another device since its first use; the desk can make a new one."""

    code = "link-used-elsewhere"
