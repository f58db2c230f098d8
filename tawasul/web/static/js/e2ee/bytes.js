/**
 * Bytes as docs/end-to-end.md joins, counts and writes them. Pure, but for `sha256`, which the browser computes.
 *
 * @typedef {Uint8Array<ArrayBuffer>} Bytes
 */

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A text in UTF-8. @param {string} text @returns {Bytes} */
export function utf8(text) {
  return ENCODER.encode(text);
}

/** The text of UTF-8. Throws `TypeError` for bytes that are none. @param {Uint8Array} bytes */
export function fromUtf8(bytes) {
  return DECODER.decode(bytes);
}

/** @param {Uint8Array[]} parts @returns {Bytes} */
export function join(...parts) {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Four bytes, big endian. @param {number} number @returns {Bytes} */
export function u32(number) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

/** Eight bytes, big endian. @param {number} number a safe integer @returns {Bytes} */
export function u64(number) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number));
  return bytes;
}

/** LP(x): the length as `u32`, then the bytes. @param {Uint8Array} bytes @returns {Bytes} */
export function prefixed(bytes) {
  return join(u32(bytes.length), bytes);
}

/** base64url without padding (RFC 4648 §5). @param {Uint8Array} bytes @returns {string} */
export function b64(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * The bytes of base64url without padding.
 *
 * Throws `TypeError` for anything else, and for a text that is not the one way of writing its bytes: two texts for the same bytes would be
 * two transcripts of the same handshake.
 * @param {unknown} text
 * @param {number} [length] how many bytes there must be
 * @returns {Bytes}
 */
export function fromB64(text, length) {
  if (typeof text !== "string" || !/^[\w-]*$/.test(text) || text.length % 4 === 1) throw new TypeError("not base64url");
  const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
  if (b64(bytes) !== text || bytes.length !== (length ?? bytes.length)) throw new TypeError("not base64url of this length");
  return bytes;
}

/** @param {Uint8Array} bytes @returns {Promise<Bytes>} 32 bytes */
export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", join(bytes)));
}

/** @param {number} length @returns {Bytes} */
export function random(length) {
  return crypto.getRandomValues(new Uint8Array(length));
}
