// A region for the tests of the ends: root, issuer, office, kiosk, and a revocation list, all signed by the served modules.
import { b64, random } from "../../tawasul/web/static/js/e2ee/bytes.js";
import { readAnchor } from "../../tawasul/web/static/js/e2ee/certificate.js";
import { sign } from "../../tawasul/web/static/js/e2ee/jws.js";
import { generateSigningKey } from "../../tawasul/web/static/js/e2ee/keys.js";
import { Trust } from "../../tawasul/web/static/js/e2ee/revocation.js";

export const NOW = 1_795_000_000;
export const REGION = "madinah";
export const urn = (role, place) => `urn:tawasul:${REGION}:${role}:${place}`;
export const ROOT = urn("root", "root");
const TITLE = { ar: "اسم", en: "Name" };

/** One certificate; `more` replaces claims. */
export function certificate(signer, iss, sub, holder, more = {}) {
  const claims = {
    iss, sub, jti: b64(random(16)), iat: NOW - 60, nbf: NOW - 60, exp: NOW + 3600, cnf: { jwk: holder.public.jwk }, name: TITLE, ...more,
  };
  return sign(signer, "tawasul-certificate+jwt", claims, signer.public.thumbprint);
}

/** What an issuer says is revoked. */
export async function revocationList(region, { seq = 1, iat = NOW - 60, serials = [], keys = [] } = {}) {
  const claims = { iss: urn("issuer", "first"), iat, exp: iat + 86_400, seq, serials, keys };
  const list = await sign(region.issuer, "tawasul-revocations+jwt", claims, region.issuer.public.thumbprint);
  return { list, chain: [region.issuerCertificate] };
}

/** A whole region, with an office at `emirate` and a kiosk at `badr-1`. */
export async function aRegion() {
  const [root, issuer, office, kiosk] = await Promise.all([1, 2, 3, 4].map(generateSigningKey));
  const anchor = await readAnchor({ v: 1, region: REGION, name: TITLE, root: root.public.jwk });
  const issuerCertificate = await certificate(root, ROOT, urn("issuer", "first"), issuer);
  const chainOf = async (role, place, key, more) => [
    await certificate(issuer, urn("issuer", "first"), urn(role, place), key, more), issuerCertificate,
  ];
  const region = { root, issuer, office, kiosk, anchor, issuerCertificate, chainOf };
  const trusting = async (given = {}, now = NOW) => {
    const trust = new Trust(anchor);
    await trust.learn(await revocationList(region, given), now);
    return trust;
  };
  return {
    ...region,
    trusting,
    trust: await trusting(),
    officeCredentials: { key: office, urn: urn("office", "emirate"), chain: await chainOf("office", "emirate", office) },
    kioskCredentials: { key: kiosk, urn: urn("kiosk", "badr-1"), chain: await chainOf("kiosk", "badr-1", kiosk) },
  };
}

/** A citizen's own device: a key and nothing else. */
export async function ownDevice() {
  return { key: await generateSigningKey(), chain: null, urn: null };
}

/** A private JWK of the vectors as a pair of WebCrypto. */
export async function keyPair({ d, ...jwk }) {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  return {
    privateKey: await crypto.subtle.importKey("jwk", { ...jwk, d }, algorithm, false, ["sign"]),
    publicKey: await crypto.subtle.importKey("jwk", jwk, algorithm, true, ["verify"]),
  };
}
