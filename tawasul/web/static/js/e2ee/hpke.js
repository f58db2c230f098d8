/**
 * A secret for one key share: HPKE in base mode (RFC 9180) with X-Wing (MLKEM768-X25519, 0x647a), HKDF-SHA256 and AES-256-GCM, by the
 * library `hpke`.
 *
 * Chromium computes X-Wing itself. Elsewhere it comes from `@panva/hpke-noble`, which is loaded only there.
 *
 * @import { CipherSuite as Suite, KeyPair } from "hpke"
 * @import { Bytes } from "./bytes.js"
 * @typedef {{pair: KeyPair, publicKey: Bytes}} KeyShare the private half cannot be exported
 */
import { join } from "./bytes.js";
import { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256, KEM_MLKEM768_X25519 } from "hpke";

/** Bytes of a public key share. */
export const PUBLIC_LENGTH = 1216;
/** Bytes of the encapsulated key, at the beginning of what is sealed. */
const ENCAPSULATED_LENGTH = 1120;
/** Bytes of a sealed secret: the encapsulated key, 32 bytes, and the tag. */
export const SEALED_LENGTH = ENCAPSULATED_LENGTH + 32 + 16;
const X_WING = "MLKEM768-X25519";
/** ML-KEM-768's modulus, and the bytes of its 768 coefficients of 12 bits (FIPS 203 §8). */
const Q = 3329;
const COEFFICIENTS_LENGTH = 1152;

/** @type {Promise<Suite> | null} */
let made = null;

/** The suite of this browser; made once. @returns {Promise<Suite>} */
export function suite() {
  made ??= make();
  return made;
}

/** @returns {Promise<KeyShare>} a new one, for one attempt or one rekey */
export async function generateKeyShare() {
  const hpke = await suite();
  const pair = await hpke.GenerateKeyPair();
  return { pair, publicKey: join(await hpke.SerializePublicKey(pair.publicKey)) };
}

/** enc ‖ ciphertext. Throws what the library throws for a share that is none. @param {Bytes} publicKey @param {Bytes} secret @param {Bytes} info @returns {Promise<Bytes>} */
export async function sealSecret(publicKey, secret, info) {
  if (!isCanonical(publicKey)) throw new TypeError("not a key share");
  const hpke = await suite();
  const { encapsulatedSecret, ciphertext } = await hpke.Seal(await hpke.DeserializePublicKey(publicKey), secret, { info });
  return join(encapsulatedSecret, ciphertext);
}

/** The secret. Throws what the library throws when it does not open. @param {KeyShare} share @param {Bytes} sealed @param {Bytes} info @returns {Promise<Bytes>} */
export async function openSecret({ pair }, sealed, info) {
  const hpke = await suite();
  return join(await hpke.Open(pair, sealed.slice(0, ENCAPSULATED_LENGTH), sealed.slice(ENCAPSULATED_LENGTH), { info }));
}

/** The check of FIPS 203 §7.2: every coefficient of ML-KEM's half is below q. @noble/post-quantum 0.5.4 does not see one that is not. @param {Bytes} publicKey */
function isCanonical(publicKey) {
  for (let at = 0; at < COEFFICIENTS_LENGTH; at += 3) {
    const [low, middle, high] = publicKey.subarray(at, at + 3);
    if ((low | ((middle & 15) << 8)) >= Q || ((middle >> 4) | (high << 4)) >= Q) return false;
  }
  return true;
}

async function make() {
  const supports = /** @type {{supports?: (operation: string, algorithm: string) => boolean}} */ (/** @type {unknown} */ (globalThis.SubtleCrypto)).supports;
  const native = supports?.("generateKey", X_WING) && supports("encapsulateBits", X_WING);
  const kem = native ? KEM_MLKEM768_X25519 : (await import("@panva/hpke-noble")).KEM_MLKEM768_X25519;
  return new CipherSuite(kem, KDF_HKDF_SHA256, AEAD_AES_256_GCM);
}
