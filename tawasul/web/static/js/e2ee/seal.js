/**
 * The handshake's messages as they travel in `seal`: shape and size. Pure.
 *
 * @import { Bytes } from "./bytes.js"
 * @typedef {{t: "init" | "resp", jws: string}} SignedSeal
 * @typedef {{t: "reveal", n: Bytes, mac: Bytes}} RevealSeal
 * @typedef {{t: "conf", mac: Bytes}} ConfirmSeal
 * @typedef {{t: "refused", code: string}} RefusedSeal
 * @typedef {SignedSeal | RevealSeal | ConfirmSeal | RefusedSeal} Seal
 */
import { b64, fromB64, utf8 } from "./bytes.js";
import { hasExactly, jsonObject } from "./claims.js";
import { PrivacyError, refuseUnless } from "./errors.js";

/** Bytes of one message, at most. */
const LARGEST = 16_384;

/** @type {Record<string, string[]>} */
const MEMBERS = { init: ["t", "jws"], resp: ["t", "jws"], reveal: ["t", "n", "mac"], conf: ["t", "mac"], refused: ["t", "code"] };

/** @param {Seal} seal @returns {Bytes} */
export function writeSeal(seal) {
  return utf8(JSON.stringify(seal, (_, value) => (value instanceof Uint8Array ? b64(value) : value)));
}

/** Throws `PrivacyError("seal-too-large")` or `("seal-malformed")`. @param {Uint8Array} payload @returns {Seal} */
export function readSeal(payload) {
  refuseUnless(payload.length <= LARGEST, "seal-too-large");
  try {
    return shaped(jsonObject(payload));
  } catch {
    throw new PrivacyError("seal-malformed");
  }
}

/** @param {Record<string, unknown>} given @returns {Seal} */
function shaped(given) {
  const { t, jws, n, mac, code } = given;
  if (typeof t !== "string" || !Object.hasOwn(MEMBERS, t) || !hasExactly(given, MEMBERS[t])) throw new TypeError("not a message");
  switch (t) {
    case "init":
    case "resp":
      if (typeof jws !== "string") throw new TypeError("not a signed text");
      return { t, jws };
    case "reveal":
      return { t, n: fromB64(n, 32), mac: fromB64(mac, 32) };
    case "conf":
      return { t, mac: fromB64(mac, 32) };
    default:
      if (typeof code !== "string" || !/^[a-z0-9-]{1,64}$/.test(code)) throw new TypeError("not a code");
      return { t: "refused", code };
  }
}
