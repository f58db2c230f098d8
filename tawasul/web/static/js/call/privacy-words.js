/**
 * Why a call was ended, in plain words for each code of docs/end-to-end.md. Many codes are one thing to a person: the code itself is shown
 * beside the words for whoever looks into it.
 */

/** @type {Record<string, readonly string[]>} word of the catalogue → codes */
const CODES_OF = {
  "privacy-because-differs": ["phrase-differs"],
  "privacy-because-certificate": ["certificate-missing", "certificate-malformed", "certificate-too-large", "chain-wrong", "key-mismatch", "signature-wrong"],
  "privacy-because-expired": ["certificate-expired"],
  "privacy-because-clock": ["certificate-not-yet-valid", "handshake-stale", "enrolment-stale"],
  "privacy-because-revoked": ["certificate-revoked"],
  "privacy-because-role": ["certificate-role-wrong", "certificate-place-wrong", "role-wrong", "not-for-us", "enrolment-name-wrong", "name-malformed"],
  "privacy-because-revocations": ["revocations-missing", "revocations-stale", "revocations-rolled-back", "revocations-wrong"],
  "privacy-because-middle": [
    "certificate-in-use-wrong", "commitment-broken", "confirmation-wrong", "fingerprint-missing", "key-share-wrong", "reflected", "rekey-wrong",
    "session-wrong", "transcript-wrong", "frame-forged", "frame-key-unknown", "frame-malformed", "frame-replayed", "frame-wrong-sender",
    "attestation-disagrees",
  ],
  "privacy-because-unreadable": [
    "seal-malformed", "seal-out-of-order", "seal-repeated", "seal-too-large", "key-malformed", "attestation-malformed", "enrolment-malformed",
  ],
  "privacy-because-version": ["version-unknown"],
  "privacy-because-late": ["handshake-late", "rekey-late"],
  "privacy-because-tries": ["too-many-tries"],
  "privacy-because-other": ["refused-by-other"],
  "privacy-because-identity": ["key-password-wrong", "identity-missing", "trust-not-reached"],
  "gate-title": ["browser-lacks-what-is-needed"],
};

/** @type {ReadonlyMap<string, string>} */
const WORD_OF = new Map(Object.entries(CODES_OF).flatMap(([word, codes]) => codes.map((code) => [code, word])));

/** Whether there are words of its own for this code. @param {string} code */
export function hasReason(code) {
  return WORD_OF.has(code);
}

/** The sentence for a code. @param {string | null} code null when only the server's word is known @returns {string} an id of the catalogue */
export function reasonWord(code) {
  return WORD_OF.get(code ?? "") ?? "privacy-because-unknown";
}
