/**
 * Signing keys: ECDSA on P-256 by the browser. A private key never leaves it: it is made non-extractable.
 *
 * @typedef {{kty: "EC", crv: "P-256", x: string, y: string}} PublicJwk
 * @typedef {{key: CryptoKey, jwk: PublicJwk, thumbprint: string}} PublicKey `thumbprint` is the `jkt`
 * @typedef {{key: CryptoKey, public: PublicKey}} SigningKey `key` signs and cannot be exported
 */
import { fromB64 } from "./bytes.js";
import { hasExactly, isObject } from "./claims.js";
import { orRefuse } from "./errors.js";
import { calculateJwkThumbprint } from "jose/jwk/thumbprint";

const P256 = { name: "ECDSA", namedCurve: "P-256" };

/** @returns {Promise<SigningKey>} a new key, which may be kept in IndexedDB as it is */
export async function generateSigningKey() {
  return signingKey(await crypto.subtle.generateKey(P256, false, ["sign", "verify"]));
}

/** A key pair of WebCrypto as a signing key. @param {CryptoKeyPair} pair @returns {Promise<SigningKey>} */
export async function signingKey({ privateKey, publicKey }) {
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
  return { key: privateKey, public: await publicKeyFrom({ kty, crv, x, y }) };
}

/**
 * The public key of a JWK that is exactly `{kty, crv, x, y}`.
 *
 * Throws `PrivacyError("key-malformed")` for other members, another curve, or a point that is not on the curve (the browser checks it).
 * @param {unknown} jwk
 * @returns {Promise<PublicKey>}
 */
export function publicKeyFrom(jwk) {
  return orRefuse("key-malformed", async () => {
    if (!isObject(jwk) || !hasExactly(jwk, ["kty", "crv", "x", "y"])) throw new TypeError("not a public key");
    const { kty, crv, x, y } = /** @type {PublicJwk} */ (/** @type {unknown} */ (jwk));
    if (kty !== "EC" || crv !== "P-256") throw new TypeError("not a key on P-256");
    for (const coordinate of [x, y]) fromB64(coordinate, 32);
    const plain = /** @type {PublicJwk} */ ({ kty, crv, x, y });
    const key = await crypto.subtle.importKey("jwk", plain, P256, true, ["verify"]);
    return { key, jwk: plain, thumbprint: await calculateJwkThumbprint(plain, "sha256") };
  });
}
