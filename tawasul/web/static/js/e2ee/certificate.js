/**
 * Certificates: JWTs that bind a name to a key (`cnf`, RFC 7800), and their chain to the anchor.
 *
 * All times are whole seconds since 1970 UTC; `now` may have a fraction.
 *
 * @import { PublicKey, PublicJwk } from "./keys.js"
 * @import { DeviceName, DeviceRole } from "./names.js"
 * @import { Revocations } from "./revocation.js"
 * @typedef {{ar: string, en: string}} Title
 * @typedef {{region: string, title: Title, root: PublicKey}} Anchor `root.thumbprint` is its fingerprint
 * @typedef {object} Certificate
 * @property {DeviceName} name
 * @property {string} urn the same name as a text
 * @property {Title} title as people read it
 * @property {PublicKey} key the holder's
 * @property {string} serial
 * @property {number} notBefore
 * @property {number} expires
 * @property {string} issuer the signer's name
 */
import { fromB64 } from "./bytes.js";
import { hasExactly, isObject, isTime, isTitle } from "./claims.js";
import { PrivacyError, orRefuse, refuseUnless } from "./errors.js";
import { read } from "./jws.js";
import { publicKeyFrom } from "./keys.js";
import { nameText, parseName } from "./names.js";

export const TYP = "tawasul-certificate+jwt";
/** Characters of one certificate, at most. */
const LONGEST = 4096;
/** Seconds that are allowed at `nbf`; none are at `exp`. */
const CLOCK_DIFFERENCE = 60;
/** Who signs whom; there is no other chain. @type {Partial<Record<DeviceRole, DeviceRole>>} */
const SIGNER = { issuer: "root", steward: "root", office: "issuer", kiosk: "issuer" };
/** @type {DeviceRole[]} */
const DEVICES = ["office", "kiosk"];

/** The anchor that a person brought. Throws `PrivacyError("certificate-malformed")`. @param {unknown} given its JSON, parsed @returns {Promise<Anchor>} */
export function readAnchor(given) {
  return orRefuse("certificate-malformed", async () => {
    refuseUnless(isObject(given) && hasExactly(given, ["v", "region", "name", "root"]) && given.v === 1, "certificate-malformed");
    const { region, name, root } = /** @type {{region: string, name: unknown, root: PublicJwk}} */ (given);
    refuseUnless(isTitle(name), "certificate-malformed");
    parseName(`urn:tawasul:${region}:root:root`);
    return { region, title: name, root: await publicKeyFrom(root) };
  });
}

/**
 * The holder's certificate, when everything about its chain holds at `now`.
 *
 * Throws `PrivacyError`, in this order: `certificate-too-large`, `certificate-malformed`, `chain-wrong`, `certificate-not-yet-valid`,
 * `certificate-expired`, for devices `revocations-missing`, `revocations-stale`, `certificate-revoked`, `certificate-role-wrong`,
 * `certificate-place-wrong` where a place is expected.
 * @param {unknown} chain `[device's, issuer's]`, or one certificate that the root signed
 * @param {Anchor} anchor
 * @param {{now: number, revocations: Revocations | null, roles: DeviceRole[], place?: string}} expected
 * @returns {Promise<Certificate>}
 */
export async function verifyChain(chain, anchor, { now, revocations, roles, place }) {
  const certificates = await signaturesOf(chain, anchor);
  for (const { notBefore, expires } of certificates) {
    refuseUnless(now >= notBefore - CLOCK_DIFFERENCE, "certificate-not-yet-valid");
    refuseUnless(now < expires, "certificate-expired");
  }
  const [holder] = certificates;
  refuseUnless(revocations || !DEVICES.includes(holder.name.role), "revocations-missing");
  if (revocations) {
    refuseUnless(now < revocations.expires, "revocations-stale");
    const { serials, keys } = revocations;
    refuseUnless(!certificates.some(({ serial, key }) => serials.has(serial) || keys.has(key.thumbprint)), "certificate-revoked");
  }
  refuseUnless(roles.includes(holder.name.role), "certificate-role-wrong");
  refuseUnless(place === undefined || holder.name.place === place, "certificate-place-wrong");
  return holder;
}

/**
 * The certificates of a chain, the holder's first, each signed by the next and the last by the anchor. Says nothing of time or revocation.
 * @param {unknown} chain
 * @param {Anchor} anchor
 */
export async function signaturesOf(chain, anchor) {
  refuseUnless(Array.isArray(chain) && (chain.length === 1 || chain.length === 2), "chain-wrong");
  let signer = { key: anchor.root, urn: `urn:tawasul:${anchor.region}:root:root`, role: "root" };
  /** @type {Certificate[]} */
  const certificates = [];
  for (const text of chain.toReversed()) {
    const certificate = await readCertificate(text, signer.key);
    const { name, urn, key, issuer } = certificate;
    refuseUnless(issuer === signer.urn && name.region === anchor.region && SIGNER[name.role] === signer.role, "chain-wrong");
    signer = { key, urn, role: name.role };
    certificates.unshift(certificate);
  }
  return certificates;
}

/** @param {unknown} text @param {PublicKey} signer @returns {Promise<Certificate>} */
async function readCertificate(text, signer) {
  const { claims } = await read(text, TYP, { key: signer, longest: LONGEST, malformed: "certificate-malformed", tooLarge: "certificate-too-large" }).catch(
    (error) => {
      throw new PrivacyError(error.code === "signature-wrong" ? "chain-wrong" : error.code);
    },
  );
  return orRefuse("certificate-malformed", () => fromClaims(claims));
}

/** @param {Record<string, unknown>} claims @returns {Promise<Certificate>} */
async function fromClaims(claims) {
  const { iss, sub, jti, iat, nbf, exp, cnf, name } = claims;
  refuseUnless(hasExactly(claims, ["iss", "sub", "jti", "iat", "nbf", "exp", "cnf", "name"]), "certificate-malformed");
  refuseUnless(isTime(iat) && isTime(nbf) && isTime(exp) && isTitle(name), "certificate-malformed");
  refuseUnless(isObject(cnf) && hasExactly(cnf, ["jwk"]), "certificate-malformed");
  fromB64(jti, 16);
  return {
    name: parseName(sub),
    urn: /** @type {string} */ (sub),
    title: name,
    key: await publicKeyFrom(cnf.jwk),
    serial: /** @type {string} */ (jti),
    notBefore: nbf,
    expires: exp,
    issuer: nameText(parseName(iss)),
  };
}
