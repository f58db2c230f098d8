"""Every way in which the proof that nobody is in the middle can fail: one class a cause, each with a stable code.

::

    PrivacyError
    ├── KeyProblem          KeyMalformed · KeyPasswordWrong · NameMalformed
    ├── SealProblem         SealMalformed · SealTooLarge · SealOutOfOrder · SealRepeated
    ├── HandshakeProblem    SignatureWrong · VersionUnknown · SessionWrong · HandshakeStale · RoleWrong · NotForUs ·
    │                       KeyMismatch · Reflected · TranscriptWrong · KeyShareWrong · CommitmentBroken ·
    │                       ConfirmationWrong · HandshakeLate · CertificateInUseWrong · FingerprintMissing ·
    │                       RefusedByOther
    ├── CertificateProblem  CertificateMalformed · CertificateTooLarge · CertificateExpired · CertificateNotYetValid ·
    │                       CertificateRevoked · ChainWrong · CertificateRoleWrong · CertificatePlaceWrong ·
    │                       CertificateMissing
    ├── RevocationProblem   RevocationsMissing · RevocationsStale · RevocationsRolledBack · RevocationsWrong
    ├── RekeyProblem        RekeyLate · RekeyWrong
    ├── FrameProblem        FrameKeyUnknown · FrameWrongSender · FrameForged · FrameReplayed · FrameMalformed
    ├── PhraseDiffers
    ├── TooManyTries
    ├── AttestationProblem  AttestationMalformed · AttestationDisagrees
    └── EnrolmentProblem    EnrolmentMalformed · EnrolmentStale · EnrolmentNameWrong

The codes are those of docs/end-to-end.md. A message is a plain sentence for engineers; it holds no key and nothing
personal. What people read for a code is elsewhere.
"""

from __future__ import annotations

from typing import ClassVar


class PrivacyError(Exception):
    """The end-to-end proof failed."""

    code: ClassVar[str] = "privacy"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__ or self.code)


class KeyProblem(PrivacyError):
    """A key or a name cannot be used."""


class KeyMalformed(KeyProblem):
    """The key is not a P-256 key in the form that is expected."""

    code = "key-malformed"


class KeyPasswordWrong(KeyProblem):
    """The key file does not open with this password."""

    code = "key-password-wrong"


class NameMalformed(KeyProblem):
    """The text is not a name of the form urn:tawasul:region:role:place."""

    code = "name-malformed"


class SealProblem(PrivacyError):
    """A message of the handshake cannot be taken."""


class SealMalformed(SealProblem):
    """The message does not have the shape of a handshake message."""

    code = "seal-malformed"


class SealTooLarge(SealProblem):
    """The handshake message is larger than allowed."""

    code = "seal-too-large"


class SealOutOfOrder(SealProblem):
    """The handshake message does not belong at this point."""

    code = "seal-out-of-order"


class SealRepeated(SealProblem):
    """The handshake message was received before."""

    code = "seal-repeated"


class HandshakeProblem(PrivacyError):
    """A message was read, and what it says does not hold."""


class SignatureWrong(HandshakeProblem):
    """The signature does not fit the key that is named."""

    code = "signature-wrong"


class VersionUnknown(HandshakeProblem):
    """The other end speaks another version of the handshake."""

    code = "version-unknown"


class SessionWrong(HandshakeProblem):
    """The message belongs to another call or another attempt."""

    code = "session-wrong"


class HandshakeStale(HandshakeProblem):
    """The message was made too long ago, or a clock is wrong."""

    code = "handshake-stale"


class RoleWrong(HandshakeProblem):
    """The other end claims the wrong side of the call."""

    code = "role-wrong"


class NotForUs(HandshakeProblem):
    """The message was made for somebody else."""

    code = "not-for-us"


class KeyMismatch(HandshakeProblem):
    """The message is signed by another key than its certificate holds."""

    code = "key-mismatch"


class Reflected(HandshakeProblem):
    """The other end has this end's own key."""

    code = "reflected"


class TranscriptWrong(HandshakeProblem):
    """The answer belongs to another beginning."""

    code = "transcript-wrong"


class KeyShareWrong(HandshakeProblem):
    """The key share cannot be used, or the shared secret does not open."""

    code = "key-share-wrong"


class CommitmentBroken(HandshakeProblem):
    """The value revealed is not the one that was committed to."""

    code = "commitment-broken"


class ConfirmationWrong(HandshakeProblem):
    """The other end does not have the same keys and transcript."""

    code = "confirmation-wrong"


class HandshakeLate(HandshakeProblem):
    """The handshake was not finished in time."""

    code = "handshake-late"


class CertificateInUseWrong(HandshakeProblem):
    """The connection does not use the certificate that the other end signed."""

    code = "certificate-in-use-wrong"


class FingerprintMissing(HandshakeProblem):
    """A session description has no SHA-256 fingerprint, or several that differ."""

    code = "fingerprint-missing"


class RefusedByOther(HandshakeProblem):
    """The other end refused. ``reason`` is the code it gave: its own word, shown to nobody as a proof."""

    code = "refused-by-other"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The other end refused: {reason}.")
        self.reason = reason


class CertificateProblem(PrivacyError):
    """The other end's chain of certificates does not hold."""


class CertificateMalformed(CertificateProblem):
    """The text is not a certificate."""

    code = "certificate-malformed"


class CertificateTooLarge(CertificateProblem):
    """The certificate is longer than allowed."""

    code = "certificate-too-large"


class CertificateExpired(CertificateProblem):
    """A certificate in the chain has expired."""

    code = "certificate-expired"


class CertificateNotYetValid(CertificateProblem):
    """A certificate in the chain is not valid yet."""

    code = "certificate-not-yet-valid"


class CertificateRevoked(CertificateProblem):
    """A certificate or key in the chain was revoked."""

    code = "certificate-revoked"


class ChainWrong(CertificateProblem):
    """The chain of certificates does not lead to the region's root."""

    code = "chain-wrong"


class CertificateRoleWrong(CertificateProblem):
    """The certificate is for another role."""

    code = "certificate-role-wrong"


class CertificatePlaceWrong(CertificateProblem):
    """The certificate is for another place."""

    code = "certificate-place-wrong"


class CertificateMissing(CertificateProblem):
    """A certificate is required here and none was shown."""

    code = "certificate-missing"


class RevocationProblem(PrivacyError):
    """It cannot be known which certificates were revoked."""


class RevocationsMissing(RevocationProblem):
    """There is no revocation list to check the chain against."""

    code = "revocations-missing"


class RevocationsStale(RevocationProblem):
    """The revocation list has expired."""

    code = "revocations-stale"


class RevocationsRolledBack(RevocationProblem):
    """The revocation list is older than one seen before."""

    code = "revocations-rolled-back"


class RevocationsWrong(RevocationProblem):
    """The revocation list is malformed, or not signed by an issuer of the region."""

    code = "revocations-wrong"


class RekeyProblem(PrivacyError):
    """The keys of the next epoch were not agreed."""


class RekeyLate(RekeyProblem):
    """A rekey was not finished in time."""

    code = "rekey-late"


class RekeyWrong(RekeyProblem):
    """A rekey message is malformed, out of order, or not from the other end."""

    code = "rekey-wrong"


class FrameProblem(PrivacyError):
    """A frame of sound or picture must not be passed on."""


class FrameKeyUnknown(FrameProblem):
    """There is no key for this frame."""

    code = "frame-key-unknown"


class FrameWrongSender(FrameProblem):
    """The frame names a key of another sender or of another kind of media."""

    code = "frame-wrong-sender"


class FrameForged(FrameProblem):
    """The frame's tag does not fit."""

    code = "frame-forged"


class FrameReplayed(FrameProblem):
    """The frame was seen before, or is too old to know."""

    code = "frame-replayed"


class FrameMalformed(FrameProblem):
    """The frame is too short to be one."""

    code = "frame-malformed"


class PhraseDiffers(PrivacyError):
    """The person says that the two phrases are not the same."""

    code = "phrase-differs"


class TooManyTries(PrivacyError):
    """Keys were made again and again with a citizen's own device, and nobody compared the phrase."""

    code = "too-many-tries"


class AttestationProblem(PrivacyError):
    """The attestation of a call does not hold."""


class AttestationMalformed(AttestationProblem):
    """The file or one of its two parts is not an attestation."""

    code = "attestation-malformed"


class AttestationDisagrees(AttestationProblem):
    """What one end signed does not fit its keys or what the other end signed."""

    code = "attestation-disagrees"


class EnrolmentProblem(PrivacyError):
    """A message of enrolment cannot be taken."""


class EnrolmentMalformed(EnrolmentProblem):
    """The text is not the enrolment message, code or QR text that is expected here."""

    code = "enrolment-malformed"


class EnrolmentStale(EnrolmentProblem):
    """The enrolment message was made too long ago, or a clock is wrong."""

    code = "enrolment-stale"


class EnrolmentNameWrong(EnrolmentProblem):
    """Only an office or a kiosk can be enrolled."""

    code = "enrolment-name-wrong"


def _leaves(cause: type[PrivacyError]) -> list[type[PrivacyError]]:
    below = cause.__subclasses__()
    return [leaf for each in below for leaf in _leaves(each)] if below else [cause]


BY_CODE: dict[str, type[PrivacyError]] = {cause.code: cause for cause in _leaves(PrivacyError)}
"""Code to class, for every cause that has one."""
