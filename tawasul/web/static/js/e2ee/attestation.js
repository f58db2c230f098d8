/**
 * The attestation of a call: what each end signs about who held its keys and when.
 *
 * @import { Anchor } from "./certificate.js"
 * @import { Statement } from "./attestation-shape.js"
 * @import { SigningKey } from "./keys.js"
 * @import { Role } from "./session.js"
 */
import { isStatement } from "./attestation-shape.js";
import { signaturesOf } from "./certificate.js";
import { hasExactly, isObject } from "./claims.js";
import { refuseUnless } from "./errors.js";
import { read, sign } from "./jws.js";

const TYP = "tawasul-attestation+jwt";
const CLOCK_DIFFERENCE = 60;

/** Signs with the key that signed this end's part of the handshakes. @param {SigningKey} key @param {Statement} statement */
export function makeAttestation(key, statement) {
  return sign(key, TYP, statement);
}

/**
 * What one end signed: its signature, its shape, and that it is by the key that it gives to its own end.
 *
 * Throws `PrivacyError`: `attestation-malformed`, `signature-wrong`, `attestation-disagrees`.
 * @param {string} jws
 * @returns {Promise<Statement>}
 */
export async function readStatement(jws) {
  const { key, claims } = await read(jws, TYP, { malformed: "attestation-malformed" });
  refuseUnless(isStatement(claims), "attestation-malformed");
  refuseUnless(key.thumbprint === claims.parties[claims.role].jkt, "attestation-disagrees");
  return claims;
}

/**
 * What a file shows, when all in it holds: signatures, keys, chains at the time of the call, and that both ends saw the same.
 *
 * Throws `PrivacyError`: `attestation-malformed`, `signature-wrong`, `attestation-disagrees`, `certificate-missing`, and those of a chain.
 * @param {unknown} file its JSON, parsed
 * @param {Anchor} anchor
 * @returns {Promise<{citizen: Statement | null, office: Statement | null}>}
 */
export async function verifyFile(file, anchor) {
  refuseUnless(isObject(file) && hasExactly(file, ["v", "citizen", "office"]) && file.v === 1, "attestation-malformed");
  const citizen = await side(file.citizen, "citizen", anchor);
  const office = await side(file.office, "office", anchor);
  refuseUnless(citizen || office, "attestation-malformed");
  refuseUnless(!citizen || !office || agree(citizen, office), "attestation-disagrees");
  return { citizen, office };
}

/** Whether both saw the same call: its parties, and the transcript of each attempt that both confirmed. @param {Statement} one @param {Statement} other */
export function agree(one, other) {
  const both = one.handshakes.flatMap((ours) => other.handshakes.filter(({ attempt }) => attempt === ours.attempt).map((theirs) => [ours.th, theirs.th]));
  const same = ["citizen", "office"].every((role) => {
    const [ours, theirs] = [one.parties[/** @type {Role} */ (role)], other.parties[/** @type {Role} */ (role)]];
    return ours.jkt === theirs.jkt && ours.urn === theirs.urn;
  });
  return one.call === other.call && same && both.length > 0 && both.every(([ours, theirs]) => ours === theirs);
}

/** @param {unknown} jws @param {Role} role @param {Anchor} anchor */
async function side(jws, role, anchor) {
  if (jws === null) return null;
  refuseUnless(typeof jws === "string", "attestation-malformed");
  const statement = await readStatement(jws);
  refuseUnless(statement.role === role, "attestation-disagrees");
  const { jkt, urn } = statement.parties[role];
  if (urn === undefined) {
    refuseUnless(role === "citizen" && !statement.chain, "attestation-disagrees");
    return statement;
  }
  refuseUnless(statement.chain, "certificate-missing");
  const certificates = await signaturesOf(statement.chain, anchor);
  const began = Math.min(...statement.handshakes.map(({ from }) => from));
  for (const { notBefore, expires } of certificates) {
    refuseUnless(began >= notBefore - CLOCK_DIFFERENCE, "certificate-not-yet-valid");
    refuseUnless(began < expires, "certificate-expired");
  }
  const [holder] = certificates;
  refuseUnless(holder.name.role === (role === "office" ? "office" : "kiosk"), "certificate-role-wrong");
  refuseUnless(holder.key.thumbprint === jkt && holder.urn === urn, "attestation-disagrees");
  return statement;
}
