/**
 * What a browser must have before a call can be private. Without all of it there is no call.
 */

const P256 = { name: "ECDSA", namedCurve: "P-256" };
const EMPTY = new Uint8Array();

/**
 * The codes of what is missing; none when nothing is.
 * @param {Record<string, any>} scope `globalThis`, or what a test leaves of it
 * @returns {Promise<string[]>}
 */
export async function missingFeatures(scope) {
  // Outside of HTTPS and this machine a browser gives no `subtle`.
  const subtle = scope.crypto?.subtle;
  const raw = new Uint8Array(32);
  /** @type {Record<string, boolean>} */
  const present = {
    webcrypto: Boolean(subtle && scope.crypto.getRandomValues),
    p256: await works(() => subtle.generateKey(P256, false, ["sign", "verify"])),
    hkdf: await works(async () => {
      const key = await subtle.importKey("raw", raw, "HKDF", false, ["deriveBits"]);
      await subtle.deriveBits({ name: "HKDF", hash: "SHA-512", salt: EMPTY, info: EMPTY }, key, 256);
    }),
    "aes-gcm": await works(() => subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"])),
    worker: typeof scope.Worker === "function",
    "script-transform":
      typeof scope.RTCRtpScriptTransform === "function" && has(scope.RTCRtpSender, "transform") && has(scope.RTCRtpReceiver, "transform"),
    "dtls-certificate": has(scope.RTCDtlsTransport, "getRemoteCertificates"),
    indexeddb: typeof scope.indexedDB?.open === "function",
  };
  return Object.keys(present).filter((code) => !present[code]);
}

/** @param {() => Promise<unknown>} act */
async function works(act) {
  try {
    await act();
    return true;
  } catch {
    return false;
  }
}

/** @param {any} constructor @param {string} member */
function has(constructor, member) {
  return typeof constructor === "function" && member in constructor.prototype;
}
