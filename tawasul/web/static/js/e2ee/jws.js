/**
 * Signed texts: JWS in compact form (RFC 7515), ES256 only, each with a `typ` of its own (RFC 8725 §3.11), by the library `jose`.
 *
 * The header is exactly `{"alg","typ","jwk"}` or, where the reader knows the key by other means, `{"alg","typ","kid"}`. A header with
 * anything else in it, `crit` for one, is refused.
 *
 * @import { PublicKey, SigningKey } from "./keys.js"
 */
import { fromB64, utf8 } from "./bytes.js";
import { jsonObject } from "./claims.js";
import { PrivacyError, orRefuse, refuseUnless } from "./errors.js";
import { publicKeyFrom } from "./keys.js";
import { CompactSign } from "jose/jws/compact/sign";
import { compactVerify } from "jose/jws/compact/verify";

/** Characters of a signed text, at most. */
export const LONGEST = 12_288;

/**
 * @param {SigningKey} key
 * @param {string} typ
 * @param {object} claims
 * @param {string} [kid] who signed, where the reader knows the key; without it the header carries the key itself (RFC 7515 §4.1.3)
 */
export function sign(key, typ, claims, kid) {
  const who = kid === undefined ? { jwk: key.public.jwk } : { kid };
  return new CompactSign(utf8(JSON.stringify(claims))).setProtectedHeader({ alg: "ES256", typ, ...who }).sign(key.key);
}

/**
 * The claims of a signed text and the key that signed it: `key`, which the header's `kid` must name, or else the header's own. The claims
 * are only known to be an object.
 *
 * Throws `PrivacyError`: `tooLarge` (or else `malformed`) over `longest` characters, `malformed` for what is no JWS of this `typ` with such
 * a header and an object in it, `signature-wrong`.
 * @param {unknown} text
 * @param {string} typ
 * @param {{key?: PublicKey, longest?: number, malformed?: string, tooLarge?: string}} [how]
 * @returns {Promise<{key: PublicKey, claims: Record<string, unknown>}>}
 */
export async function read(text, typ, { key, longest = LONGEST, malformed = "seal-malformed", tooLarge = malformed } = {}) {
  refuseUnless(typeof text === "string", malformed);
  refuseUnless(text.length <= longest, tooLarge);
  const { signer, kid, claims } = await orRefuse(malformed, () => parts(text, typ, key));
  refuseUnless(kid === undefined || kid === signer.thumbprint, "signature-wrong");
  await compactVerify(text, signer.key, { algorithms: ["ES256"] }).catch(() => {
    throw new PrivacyError("signature-wrong");
  });
  return { key: signer, claims };
}

/** @param {string} text @param {string} typ @param {PublicKey} [key] */
async function parts(text, typ, key) {
  const [head, body, signature, ...more] = text.split(".");
  if (signature === undefined || more.length) throw new TypeError("not in three parts");
  const header = jsonObject(fromB64(head));
  const named = Object.keys(header).sort().join();
  if (named !== (key ? "alg,kid,typ" : "alg,jwk,typ")) throw new TypeError("another header");
  if (header.alg !== "ES256" || header.typ !== typ) throw new TypeError("another kind of text");
  return { signer: key ?? (await publicKeyFrom(header.jwk)), kid: header.kid, claims: jsonObject(fromB64(body)) };
}
