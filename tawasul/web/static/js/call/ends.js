/**
 * What each end says of itself: the office by its enrolled key, a citizen's own device by a key that it makes for this call.
 *
 * @import { SigningKey } from "../e2ee/keys.js"
 * @import { Trust } from "../e2ee/revocation.js"
 * @import { Negotiate } from "../messages.d.ts"
 * @import { Part } from "./proving.js"
 * @typedef {{key: SigningKey, chain: string[], urn: string, trust: Trust}} OfficeIdentity
 * @typedef {object} Ends
 * @property {import("../e2ee/session.js").Role} role
 * @property {(negotiate: Negotiate, key: () => Promise<SigningKey>) => Promise<Part>} part of one attempt; `key` is the one made for this call
 */
import { CitizenEnd } from "../e2ee/citizen-end.js";
import { PrivacyError } from "../e2ee/errors.js";
import { OfficeEnd } from "../e2ee/office-end.js";

/** The Amir's office, in every region. */
const PLACE = "emirate";

/**
 * The office's end. It demands a kiosk's certificate exactly where the server speaks of a kiosk.
 * @param {() => Promise<OfficeIdentity | null>} load
 * @returns {Ends}
 */
export function officeEnds(load) {
  return {
    role: "office",
    async part(negotiate) {
      const identity = await load();
      if (!identity) throw new PrivacyError("identity-missing");
      const { key, chain, urn, trust } = identity;
      const credentials = { key, chain, urn };
      return { end: new OfficeEnd({ sid: sidOf(negotiate), credentials, kiosk: negotiate.other.device ?? null, trust }), credentials };
    },
  };
}

/**
 * The end of a citizen's own device. What it trusts in comes from the server, and so proves little: the phrase is the proof.
 * @param {() => Promise<Trust>} trustOfCall
 * @returns {Ends}
 */
export function citizenEnds(trustOfCall) {
  return {
    role: "citizen",
    async part(negotiate, key) {
      const [trust, own] = await Promise.all([trustOfCall(), key()]);
      const credentials = { key: own, chain: null, urn: null };
      const office = `urn:tawasul:${trust.anchor.region}:office:${PLACE}`;
      return { end: new CitizenEnd({ sid: sidOf(negotiate), credentials, office, trust }), credentials };
    },
  };
}

/** @param {Negotiate} negotiate */
function sidOf({ call_id: callId, attempt }) {
  return `${callId}/${attempt}`;
}
