/**
 * Revocation lists: which serials and keys no longer count. Short-lived, and without one no device is believed.
 *
 * @import { Anchor } from "./certificate.js"
 * @import { DeviceRole } from "./names.js"
 * @typedef {object} Revocations a list that was verified; times are seconds since 1970 UTC
 * @property {number} seq grows by one with each signing
 * @property {number} issued
 * @property {number} expires
 * @property {Set<string>} serials of certificates
 * @property {Set<string>} keys their thumbprints
 */
import { verifyChain } from "./certificate.js";
import { fromB64 } from "./bytes.js";
import { hasExactly, isObject, isTime } from "./claims.js";
import { orRefuse, refuseUnless } from "./errors.js";
import { read } from "./jws.js";

export const TYP = "tawasul-revocations+jwt";
const LIFETIME = 86_400;
/** Entries in all. */
const MOST = 1000;
/** Characters of a list: a thousand thumbprints fill 62 000. */
const LONGEST = 64_000;

/**
 * The list, when an issuer of the region signed it and it is still good at `now`.
 *
 * Throws `PrivacyError`: `revocations-missing`, `revocations-wrong`, `revocations-stale`, `revocations-rolled-back`.
 * @param {unknown} given `{"list", "chain": [issuer's]}`, or null
 * @param {Anchor} anchor
 * @param {number} now seconds since 1970 UTC
 * @param {number} [atLeast] the highest `seq` that this endpoint has seen
 * @returns {Promise<Revocations>}
 */
export async function verifyRevocations(given, anchor, now, atLeast = 0) {
  refuseUnless(given !== null && given !== undefined, "revocations-missing");
  const list = await orRefuse("revocations-wrong", () => signedList(given, anchor, now));
  refuseUnless(now < list.expires, "revocations-stale");
  refuseUnless(list.seq >= atLeast, "revocations-rolled-back");
  return list;
}

/** @param {unknown} given @param {Anchor} anchor @param {number} now @returns {Promise<Revocations>} */
async function signedList(given, anchor, now) {
  if (!isObject(given) || !hasExactly(given, ["list", "chain"])) throw new TypeError("not a list with its chain");
  const issuer = await verifyChain(given.chain, anchor, { now, revocations: null, roles: ["issuer"] });
  const { claims } = await read(given.list, TYP, { key: issuer.key, longest: LONGEST });
  const { iss, iat, exp, seq, serials, keys } = claims;
  if (!hasExactly(claims, ["iss", "iat", "exp", "seq", "serials", "keys"]) || iss !== issuer.urn) throw new TypeError("another list");
  if (!isTime(iat) || !isTime(seq) || exp !== iat + LIFETIME) throw new TypeError("times that cannot be");
  if (!Array.isArray(serials) || !Array.isArray(keys) || serials.length + keys.length > MOST) throw new TypeError("entries");
  for (const serial of serials) fromB64(serial, 16);
  for (const key of keys) fromB64(key, 32);
  return { seq, issued: iat, expires: exp, serials: new Set(serials), keys: new Set(keys) };
}

/** What an endpoint holds to judge others by: the anchor, the list, and the highest `seq` that it ever saw. */
export class Trust {
  /** @type {Revocations | null} */ #revocations = null;

  /**
   * @param {Anchor} anchor
   * @param {number} [atLeast] kept over reloads: a server could otherwise show an older list
   */
  constructor(anchor, atLeast = 0) {
    /** @readonly */ this.anchor = anchor;
    this.atLeast = atLeast;
  }

  /** Takes a newer list. Throws as `verifyRevocations`; then the former stays. @param {unknown} given @param {number} now */
  async learn(given, now) {
    this.#revocations = await verifyRevocations(given, this.anchor, now, this.atLeast);
    this.atLeast = this.#revocations.seq;
  }

  /** The holder's certificate. Throws as `verifyChain`. @param {unknown} chain @param {number} now @param {DeviceRole[]} roles @param {string} [place] */
  verify(chain, now, roles, place) {
    return verifyChain(chain, this.anchor, { now, revocations: this.#revocations, roles, place });
  }
}
