/**
 * The shape of what an end signs at the end of a call. Pure.
 *
 * @import { Role } from "./session.js"
 *
 * @typedef {{jkt: string, urn?: string}} AttestedParty
 * @typedef {object} AttestedHandshake one attempt whose keys were confirmed; times in whole seconds since 1970 UTC
 * @property {number} attempt
 * @property {string} th in b64
 * @property {number} from
 * @property {number} to
 * @property {[number, number][]} epochs number and beginning of each
 * @typedef {object} Statement
 * @property {1} v
 * @property {string} call
 * @property {Role} role the end that signs
 * @property {Record<Role, AttestedParty>} parties
 * @property {AttestedHandshake[]} handshakes
 * @property {"same" | "not-compared"} phrase
 * @property {{sealed: number, opened: number, refused: number}} frames
 * @property {false} recorder there is none
 * @property {string[]} [chain]
 */
import { hasExactly, isObject, isThumbprint, isTime } from "./claims.js";

const MEMBERS = ["v", "call", "role", "parties", "handshakes", "phrase", "frames", "recorder", "chain?"];

/** Whether claims are a statement, and nothing more. @param {Record<string, unknown>} claims @returns {claims is Record<string, unknown> & Statement} */
export function isStatement(claims) {
  const { v, call, role, parties, handshakes, phrase, frames, recorder, chain } = claims;
  return (
    hasExactly(claims, MEMBERS) &&
    v === 1 &&
    isText(call, 128) &&
    (role === "citizen" || role === "office") &&
    isObject(parties) &&
    hasExactly(parties, ["citizen", "office"]) &&
    Object.values(parties).every(isParty) &&
    Array.isArray(handshakes) &&
    handshakes.length > 0 &&
    handshakes.length <= 1000 &&
    handshakes.every(isHandshake) &&
    new Set(handshakes.map(({ attempt }) => attempt)).size === handshakes.length &&
    (phrase === "same" || phrase === "not-compared") &&
    isObject(frames) &&
    hasExactly(frames, ["sealed", "opened", "refused"]) &&
    Object.values(frames).every(isTime) &&
    recorder === false &&
    (chain === undefined || (Array.isArray(chain) && chain.every((each) => typeof each === "string")))
  );
}

/** @param {unknown} value */
function isParty(value) {
  return isObject(value) && hasExactly(value, ["jkt", "urn?"]) && isThumbprint(value.jkt) && (!("urn" in value) || isText(value.urn, 256));
}

/** @param {unknown} value */
function isHandshake(value) {
  if (!isObject(value) || !hasExactly(value, ["attempt", "th", "from", "to", "epochs"])) return false;
  const { attempt, th, from, to, epochs } = value;
  return [attempt, from, to].every(isTime) && isThumbprint(th) && Array.isArray(epochs) && epochs.every(isEpoch);
}

/** @param {unknown} value */
function isEpoch(value) {
  return Array.isArray(value) && value.length === 2 && value.every(isTime);
}

/** @param {unknown} value @param {number} longest */
function isText(value, longest) {
  return typeof value === "string" && value.length > 0 && value.length <= longest;
}
