/**
 * SFrame (RFC 9605), cipher suite AES_256_GCM_SHA512_128 (0x0005): the header, the keys, one frame sealed and opened.
 *
 * The registry of npm has no library that implements RFC 9605 and is kept up; what is cryptography here is the browser's. Imported by the
 * worker, so by relative paths only.
 *
 * @import { Bytes } from "./bytes.js"
 * @typedef {{kid: bigint, counter: bigint, size: number}} Header `size`: how many bytes it takes
 */
import { join, u64, utf8 } from "./bytes.js";
import { PrivacyError, refuseUnless } from "./errors.js";

export const TAG_LENGTH = 16;
const CIPHER_SUITE = Uint8Array.of(0, 5);
const NONCE_LENGTH = 12;

/** The config byte `X KKK Y CCC`, then key id and counter where they are over 7 (RFC 9605 §4.3). @param {number} kid @param {number} counter */
export function writeHeader(kid, counter) {
  const [kidBits, kidBytes] = writeField(kid);
  const [counterBits, counterBytes] = writeField(counter);
  return join(Uint8Array.of((kidBits << 4) | counterBits), kidBytes, counterBytes);
}

/** The header at the beginning. Throws `PrivacyError("frame-malformed")` when the data end within it. @param {Uint8Array} data @returns {Header} */
export function readHeader(data) {
  refuseUnless(data.length > 0, "frame-malformed");
  const [kid, at] = readField(data, data[0] >> 4, 1);
  const [counter, size] = readField(data, data[0] & 15, at);
  return { kid, counter, size };
}

/** Key and salt that follow from one base key (RFC 9605 §4.4.2). */
export class FrameKey {
  #key;
  #salt;

  /** @param {number} kid @param {CryptoKey} key @param {Bytes} salt */
  constructor(kid, key, salt) {
    /** @readonly */ this.kid = kid;
    this.#key = key;
    this.#salt = salt;
  }

  /** @param {number} kid @param {Bytes} baseKey 32 bytes @returns {Promise<FrameKey>} */
  static async of(kid, baseKey) {
    const secret = await crypto.subtle.importKey("raw", baseKey, "HKDF", false, ["deriveKey", "deriveBits"]);
    const derivation = (/** @type {string} */ label) => ({
      name: "HKDF",
      hash: "SHA-512",
      salt: new Uint8Array(),
      info: join(utf8(label), u64(kid), CIPHER_SUITE),
    });
    const key = await crypto.subtle.deriveKey(derivation("SFrame 1.0 Secret key "), secret, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const salt = await crypto.subtle.deriveBits(derivation("SFrame 1.0 Secret salt "), secret, NONCE_LENGTH * 8);
    return new FrameKey(kid, key, new Uint8Array(salt));
  }

  /** SFrame header ‖ ciphertext ‖ tag. A counter is never used twice (RFC 9605 §4.4.3). @param {number} counter @param {Uint8Array} metadata @param {Bytes} plain */
  async seal(counter, metadata, plain) {
    const header = writeHeader(this.kid, counter);
    return join(header, new Uint8Array(await crypto.subtle.encrypt(this.#cipher(BigInt(counter), header, metadata), this.#key, plain)));
  }

  /** The plaintext. Throws `PrivacyError("frame-forged")` (RFC 9605 §4.4.4). @param {Header} header @param {Bytes} data from the header on @param {Uint8Array} metadata */
  async open({ counter, size }, data, metadata) {
    const cipher = this.#cipher(counter, data.subarray(0, size), metadata);
    try {
      return new Uint8Array(await crypto.subtle.decrypt(cipher, this.#key, data.subarray(size)));
    } catch {
      throw new PrivacyError("frame-forged");
    }
  }

  /** @param {bigint} counter @param {Uint8Array} header @param {Uint8Array} metadata */
  #cipher(counter, header, metadata) {
    const iv = this.#salt.slice();
    const low = new DataView(iv.buffer, NONCE_LENGTH - 8);
    low.setBigUint64(0, low.getBigUint64(0) ^ counter);
    return { name: "AES-GCM", iv, additionalData: join(header, metadata), tagLength: TAG_LENGTH * 8 };
  }
}

/** @param {number} value a safe integer @returns {[number, Bytes]} */
function writeField(value) {
  if (value <= 7) return [value, new Uint8Array()];
  const bytes = u64(value);
  const first = bytes.findIndex((byte) => byte !== 0);
  return [8 | (7 - first), bytes.slice(first)];
}

/** @param {Uint8Array} data @param {number} bits @param {number} at @returns {[bigint, number]} */
function readField(data, bits, at) {
  if (bits <= 7) return [BigInt(bits), at];
  const end = at + (bits & 7) + 1;
  refuseUnless(end <= data.length, "frame-malformed");
  let value = 0n;
  for (const byte of data.subarray(at, end)) value = (value << 8n) | BigInt(byte);
  return [value, end];
}
