/**
 * How private the call is, for people: one standing and the words for it. Pure; the same on both ends.
 *
 * @import { CallPart, Holder } from "./state-types.d.ts"
 * @typedef {object} PrivacyDescription
 * @property {"none" | "checking" | "unverified" | "verified" | "ended" | "over"} standing
 * @property {string | null} word the sentence that says it (an id of the catalogue); null where there is nothing to say
 * @property {Holder | null} other who is at the other end, as proven; of a citizen's own device only the key is known
 * @property {string | null} code why the call was ended
 * @property {string | null} phrase the six digits, once both ends have them
 * @property {"asked" | "offered" | "answered" | null} compare whether this person has to compare the digits, may, or did
 */
import { reasonWord } from "./privacy-words.js";

/** @type {PrivacyDescription} */
const NOTHING = { standing: "none", word: null, other: null, code: null, phrase: null, compare: null };

/** @param {CallPart} state @returns {PrivacyDescription} */
export function describePrivacy({ call, over, attested }) {
  if (!call) {
    if (over?.because === "not-private") return { ...NOTHING, standing: "ended", word: reasonWord(over.code), code: over.code };
    return over && attested ? { ...NOTHING, standing: "over", word: "privacy-over" } : NOTHING;
  }
  if (call.goodbye) return NOTHING;
  const { privacy } = call;
  if (!privacy) return { ...NOTHING, standing: "checking", word: "privacy-checking" };
  const { other, phrase } = privacy;
  const isSame = call.compared === privacy.pair;
  const isNeeded = !other.urn || !privacy.own.urn;
  /** @type {PrivacyDescription["compare"]} */
  const compare = isSame ? "answered" : isNeeded ? "asked" : "offered";
  const known = { ...NOTHING, other, phrase, compare };
  if (!call.connected) return { ...known, standing: "checking", word: "privacy-checking" };
  if (isNeeded && !isSame) return { ...known, standing: "unverified", word: "privacy-unverified" };
  if (call.doubtful) return { ...known, standing: "unverified", word: "privacy-doubtful" };
  return { ...known, standing: "verified", word: "privacy-verified" };
}
