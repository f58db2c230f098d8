/**
 * How a device asks for its certificate: the request, the renewal, the code that two people compare, and the QR's text.
 *
 * @import { SigningKey } from "./keys.js"
 */
import { sha256, utf8 } from "./bytes.js";
import { PrivacyError, orRefuse } from "./errors.js";
import { sign } from "./jws.js";
import { parseName } from "./names.js";

const REQUEST = "tawasul-enrolment+jwt";
const RENEWAL = "tawasul-renewal+jwt";
/** Crockford's base 32: nothing in it is taken for another, aloud or by eye. */
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** @param {SigningKey} key @param {string} urn the name asked for @param {number} now seconds since 1970 UTC */
export function makeRequest(key, urn, now) {
  return sign(key, REQUEST, { sub: urn, iat: Math.floor(now) });
}

/** @param {SigningKey} key @param {string} urn @param {string} serial of the present certificate @param {number} now */
export function makeRenewal(key, urn, serial, now) {
  return sign(key, RENEWAL, { sub: urn, jti: serial, iat: Math.floor(now) });
}

/** 60 bits of SHA-256 of a thumbprint, as `ABCD-EFGH-JKMN`. @param {string} thumbprint */
export async function codeOf(thumbprint) {
  const bits = new DataView((await sha256(utf8(thumbprint))).buffer).getBigUint64(0) >> 4n;
  let letters = "";
  for (let shift = 55n; shift >= 0n; shift -= 5n) letters += LETTERS[Number((bits >> shift) & 31n)];
  return `${letters.slice(0, 4)}-${letters.slice(4, 8)}-${letters.slice(8)}`;
}

/** What a device's QR says. Throws `PrivacyError("enrolment-name-wrong")` for a name that no device can have. @param {string} urn @param {string} thumbprint */
export async function qrText(urn, thumbprint) {
  const { role } = await orRefuse("enrolment-name-wrong", () => parseName(urn));
  if (role !== "office" && role !== "kiosk") throw new PrivacyError("enrolment-name-wrong");
  return `tawasul-enrol:1:${urn}:${thumbprint}`;
}
