/**
 * What a citizen's own device judges the office by: the anchor and the list of what was revoked, as the server hands them over.
 */
import { Problem, get } from "./api.js";
import { readAnchor } from "./e2ee/certificate.js";
import { PrivacyError } from "./e2ee/errors.js";
import { Trust } from "./e2ee/revocation.js";

/** Throws `PrivacyError`: without the anchor and the list nobody can be believed. @returns {Promise<Trust>} */
export async function fetchTrust() {
  try {
    const [anchor, revocations] = await Promise.all([get("/api/trust/anchor"), get("/api/trust/revocations")]);
    const trust = new Trust(await readAnchor(anchor));
    await trust.learn(revocations, Date.now() / 1000);
    return trust;
  } catch (error) {
    if (error instanceof Problem) throw new PrivacyError("revocations-missing");
    throw error;
  }
}
