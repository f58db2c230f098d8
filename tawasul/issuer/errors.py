"""What the issuer refuses, and what the people who run it can mend: one class a cause.

::

    PrivacyError                                tawasul.e2ee.errors: what was sent does not hold
    └── EnrolmentProblem
        ├── EnrolmentUnknown        enrolment-unknown           no such request waits, or no such device is enrolled
        ├── EnrolmentRevoked        enrolment-revoked           the key was revoked, which is for good
        ├── EnrolmentOtherName      enrolment-other-name        the key is enrolled under another name
        ├── EnrolmentPlaceUnknown   enrolment-place-unknown     the region has no such place
        ├── EnrolmentsFull          enrolments-full             too many requests wait that stewards have approved
        ├── StewardWrong            steward-wrong               signed by another than the steward of the chain
        ├── RenewalWrong            renewal-wrong               the serial is of no certificate of this key
        ├── RenewalLate             renewal-late                the certificate ended too long ago
        ├── RevocationRefused       revocation-refused          the issuer's own key, or the root's
        ├── RevocationsFull         revocations-full            the list has no room
        └── IssuerExpired           issuer-expired              the issuer's own certificate has ended

    TrustFolderProblem                          a sentence for whoever runs a command; nothing was changed
    ├── FileThere                   file-there                  it would be overwritten
    ├── FileMissing                 file-missing
    ├── FileUnwritable              file-unwritable             no folder, no right, no room
    ├── FileNotPrivate              file-not-private            others may read a key
    ├── FileUnusable                file-unusable               it holds something else
    ├── PasswordMissing             password-missing
    ├── IssuerRuns                  issuer-runs                 another process has the same folder
    ├── PortNotFree                 port-not-free               another program listens there
    ├── IssuerNotStarted            issuer-not-started
    ├── NotConfirmed                not-confirmed               the person said no
    └── ServerRefused               server-refused              the issuer, or the way to it, said no
"""

from __future__ import annotations

from typing import ClassVar

from tawasul.e2ee.errors import EnrolmentProblem


class EnrolmentUnknown(EnrolmentProblem):
    """No such request is waiting, and no such device is enrolled."""

    code = "enrolment-unknown"


class EnrolmentRevoked(EnrolmentProblem):
    """The key was revoked, and is never enrolled again."""

    code = "enrolment-revoked"


class EnrolmentOtherName(EnrolmentProblem):
    """The key is enrolled under another name."""

    code = "enrolment-other-name"


class EnrolmentPlaceUnknown(EnrolmentProblem):
    """The region has no such place."""

    code = "enrolment-place-unknown"


class EnrolmentsFull(EnrolmentProblem):
    """There is no room for another request."""

    code = "enrolments-full"


class StewardWrong(EnrolmentProblem):
    """The signature is not by the steward whose chain came with it."""

    code = "steward-wrong"


class RenewalWrong(EnrolmentProblem):
    """The certificate that is to be renewed is not one of this key and name."""

    code = "renewal-wrong"


class RenewalLate(EnrolmentProblem):
    """The certificate ended too long ago to be renewed without a person."""

    code = "renewal-late"


class RevocationRefused(EnrolmentProblem):
    """The issuer's own key and the root's are not revoked by a steward."""

    code = "revocation-refused"


class RevocationsFull(EnrolmentProblem):
    """The revocation list has no room for another entry."""

    code = "revocations-full"


class IssuerExpired(EnrolmentProblem):
    """The issuer's own certificate has ended: the root has to sign it anew."""

    code = "issuer-expired"


class TrustFolderProblem(Exception):
    """Something that whoever runs a command can mend. The message says what and where, and never a secret."""

    code: ClassVar[str] = "trust-folder"


class FileThere(TrustFolderProblem):
    """A file would be overwritten."""

    code = "file-there"


class FileMissing(TrustFolderProblem):
    """A file is needed that is not there, or that cannot be read."""

    code = "file-missing"


class FileUnwritable(TrustFolderProblem):
    """A file cannot be made: its folder is missing or another's, the disk is full, or it knows no such files."""

    code = "file-unwritable"


class FileNotPrivate(TrustFolderProblem):
    """Others may read a key or a password."""

    code = "file-not-private"


class FileUnusable(TrustFolderProblem):
    """A file holds something else than it should."""

    code = "file-unusable"


class PasswordMissing(TrustFolderProblem):
    """A key is to be opened or made, and there is no password for it, or one that is too short."""

    code = "password-missing"


class IssuerRuns(TrustFolderProblem):
    """Another process works with the same folder."""

    code = "issuer-runs"


class PortNotFree(TrustFolderProblem):
    """The issuer cannot listen where it is told to."""

    code = "port-not-free"


class IssuerNotStarted(TrustFolderProblem):
    """The application ended before it took a request; the log says why."""

    code = "issuer-not-started"


class NotConfirmed(TrustFolderProblem):
    """The person was asked, and said no."""

    code = "not-confirmed"


class ServerRefused(TrustFolderProblem):
    """The issuer, or the server on the way to it, refused. `refusal` is the code that it gave."""

    code = "server-refused"

    def __init__(self, refusal: str, sentence: str) -> None:
        super().__init__(sentence)
        self.refusal = refusal
