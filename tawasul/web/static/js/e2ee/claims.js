/**
 * The shapes of what is claimed in signed texts and messages. Pure.
 */
import { fromUtf8 } from "./bytes.js";

/**
 * The object that a JSON text in UTF-8 is. Throws `TypeError` or `SyntaxError` when it is none, or names a member twice: two readers could
 * take such a text in two ways.
 * @param {Uint8Array} bytes
 * @returns {Record<string, unknown>}
 */
export function jsonObject(bytes) {
  const text = fromUtf8(bytes);
  const value = JSON.parse(text);
  if (!isObject(value)) throw new TypeError("not a JSON object");
  let named = 0;
  for (const [, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)) if (colon) named++;
  if (named !== members(value)) throw new TypeError("a member is named twice");
  return value;
}

/** @param {unknown} value @returns {number} */
function members(value) {
  if (typeof value !== "object" || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum, each) => sum + members(each), own);
}

/** Exactly these members, but those that end in `?` may be absent. @param {object} given @param {string[]} names */
export function hasExactly(given, names) {
  const required = names.filter((name) => !name.endsWith("?"));
  const allowed = new Set(names.map((name) => name.replace("?", "")));
  return required.every((name) => Object.hasOwn(given, name)) && Object.keys(given).every((name) => allowed.has(name));
}

/** An object, and no list. @param {unknown} value @returns {value is Record<string, unknown>} */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A time: whole seconds since 1970 UTC. @param {unknown} value @returns {value is number} */
export function isTime(value) {
  return Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0;
}

/** A JWK thumbprint, or another SHA-256, in b64. @param {unknown} value @returns {value is string} */
export function isThumbprint(value) {
  // 32 bytes are 42 characters of 6 bits and one whose last two bits are zero.
  return typeof value === "string" && /^[\w-]{42}[AEIMQUYcgkosw048]$/.test(value);
}

/** A DTLS certificate's fingerprint (RFC 8122 §5), as this service writes it. @param {unknown} value @returns {value is string} */
export function isFingerprint(value) {
  return typeof value === "string" && /^sha-256 [0-9A-F]{2}(:[0-9A-F]{2}){31}$/.test(value);
}

/** A name as people read it: 1 to 120 characters in each language. @param {unknown} value @returns {value is {ar: string, en: string}} */
export function isTitle(value) {
  if (!isObject(value) || !hasExactly(value, ["ar", "en"])) return false;
  return [value.ar, value.en].every((text) => typeof text === "string" && text !== "" && [...text].length <= 120);
}
