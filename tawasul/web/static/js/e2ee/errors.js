/**
 * Why an end refuses: one error with the stable `code` of docs/end-to-end.md.
 *
 *     Error
 *     └── PrivacyError            code, reason
 *         ├── key-…, name-…       a key or a name that cannot be used
 *         ├── seal-…              shape, size and order of the handshake's messages
 *         ├── version-unknown … refused-by-other    what each end checks
 *         ├── certificate-…, chain-wrong, revocations-…    who the other is
 *         ├── rekey-…             the change of keys
 *         ├── frame-…             frames; counted, never thrown across a module
 *         ├── phrase-differs      said by a person
 *         ├── too-many-tries      keys made again and again, and nobody compared them
 *         ├── attestation-…       the record of the call
 *         ├── enrolment-…         a code or a name that cannot be one
 *         └── browser-lacks-what-is-needed
 *
 * No message, key, name or fingerprint stands in an error: it may be shown and logged.
 */

export const CODES = Object.freeze([
  "key-malformed", "name-malformed",
  "seal-malformed", "seal-too-large", "seal-out-of-order", "seal-repeated",
  "signature-wrong", "version-unknown", "session-wrong", "handshake-stale", "role-wrong", "not-for-us", "key-mismatch", "reflected",
  "transcript-wrong", "key-share-wrong", "commitment-broken", "confirmation-wrong", "handshake-late", "certificate-in-use-wrong",
  "fingerprint-missing", "refused-by-other",
  "certificate-malformed", "certificate-too-large", "certificate-expired", "certificate-not-yet-valid", "certificate-revoked",
  "chain-wrong", "certificate-role-wrong", "certificate-place-wrong", "certificate-missing",
  "revocations-missing", "revocations-stale", "revocations-rolled-back", "revocations-wrong",
  "rekey-late", "rekey-wrong",
  "frame-key-unknown", "frame-wrong-sender", "frame-forged", "frame-replayed", "frame-malformed",
  "phrase-differs", "too-many-tries", "attestation-malformed", "attestation-disagrees", "enrolment-malformed", "enrolment-name-wrong",
  "browser-lacks-what-is-needed",
]);

export class PrivacyError extends Error {
  /**
   * @param {string} code one of `CODES`
   * @param {string | null} [reason] with `refused-by-other`, the code that the other end gave: its own word, and no proof
   */
  constructor(code, reason = null) {
    super(code);
    this.name = "PrivacyError";
    /** @readonly */ this.code = code;
    /** @readonly */ this.reason = reason;
  }
}

/**
 * What `work` gives. Anything that it throws becomes a `PrivacyError` with this code.
 * @template T
 * @param {string} code
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function orRefuse(code, work) {
  try {
    return await work();
  } catch {
    // What failed is something that the other sent: how exactly it did is of no use, and the cause might hold what was sent.
    throw new PrivacyError(code);
  }
}

/** @param {unknown} holds @param {string} code @returns {asserts holds} */
export function refuseUnless(holds, code) {
  if (!holds) throw new PrivacyError(code);
}
