/**
 * The part of `state.js` that ends a call whose privacy is not proven, and takes this person's word on the phrase. Pure.
 *
 * @import { CallEffect, CallPart, OneCall, Privacy } from "./state-types.d.ts"
 * @import { Negotiate, Seal } from "../messages.d.ts"
 */
import { fromB64 } from "../e2ee/bytes.js";
import { hasReason } from "./privacy-words.js";
import { refusal } from "./refusal.js";
import { end } from "./state-end.js";

/** What a slow line does: the attempt is lost, and another follows. It alarms nobody. */
export const LATE = "handshake-late";

/** Whoever is in the middle sees both phrases first, and may break off until they happen to be the same: once in a million tries. */
const MOST_TRIES = 20;
/** An honest network that is so bad for so long has had its call given up by the server long before. */
const TRIES_WITHIN_MS = 10 * 60_000;

/**
 * Whether keys may be made once more, where the phrase is the only proof: with a citizen's own device. What counts is forgotten when this
 * person says *same*.
 * @param {number[]} tries
 * @param {Negotiate} negotiate
 * @param {number} now
 * @returns {number[] | null} the tries with this one; null where there were too many
 */
export function mayTry(tries, { offers, other }, now) {
  // In a browser the end that offers is always a citizen's own device.
  if (!offers && other.device) return tries;
  const recent = [...tries.filter((at) => now - at < TRIES_WITHIN_MS), now];
  return recent.length > MOST_TRIES ? null : recent;
}

/**
 * The tries without this attempt's, when it confirmed the two keys of which this person said *same*: nobody was between them. Those before it
 * count on, or whoever is in the middle would let one through now and then.
 * @param {number[]} tries
 * @param {OneCall} call
 * @param {Privacy} privacy
 */
export function withoutHonest(tries, { compared: pair }, privacy) {
  const counted = !privacy.own.urn || !privacy.other.urn;
  return counted && privacy.pair === pair ? tries.slice(0, -1) : tries;
}

/**
 * Ends the call at once, and raises the alarm. `code` is what this end found; `reason` what the other end said, where it was the one to refuse.
 * @param {CallPart} state
 * @param {OneCall} call
 * @param {string} code
 * @param {string | null} reason
 * @returns {[CallPart, CallEffect[]]}
 */
export function alarm(state, call, code, reason) {
  const message = { type: /** @type {const} */ ("alarm"), call_id: call.callId, attempt: call.attempt, code };
  // A late invitation to this call is refused, as after a hang-up.
  const hungUp = [...state.hungUp, call.callId].slice(-8);
  // The other's own word proves nothing, but people on both sides should read the same.
  const shown = reason !== null && hasReason(reason) ? reason : code;
  const over = { callId: call.callId, audienceId: call.audienceId, because: /** @type {const} */ ("not-private"), waitsAgain: null, code: shown };
  const [next, effects] = end({ ...state, hungUp, unsaid: state.lineUp ? null : message }, over);
  return [next, state.lineUp ? [{ do: "send", message }, ...effects] : effects];
}

/**
 * This person compared the phrase. *Same* holds for these two keys as long as the call lasts; *different* asks nothing more.
 * @param {CallPart} state
 * @param {OneCall} call
 * @param {boolean} same
 * @returns {[CallPart, CallEffect[]]}
 */
export function compared(state, call, same) {
  const { privacy, callId } = call;
  if (!privacy) return [state, []];
  if (same && call.compared === privacy.pair) return [state, []]; // Said already; once is once.
  if (same) return [{ ...state, tries: [], call: { ...call, compared: privacy.pair } }, [{ do: "remember", callId, pair: privacy.pair }]];
  const [next, effects] = alarm(state, call, "phrase-differs", null);
  if (!state.lineUp) return [next, effects];
  const payload = refusal("phrase-differs");
  return [next, [{ do: "send", message: { type: "seal", call_id: callId, attempt: call.attempt, payload } }, ...effects]];
}

/**
 * The other end refuses, in a message of the handshake or long after it: this end ends too. Null when the message says something else, or no
 * more than that the other end was kept waiting.
 * @param {CallPart} state
 * @param {OneCall} call
 * @param {Seal} message
 * @returns {[CallPart, CallEffect[]] | null}
 */
export function refused(state, call, { payload }) {
  let said;
  try {
    said = JSON.parse(new TextDecoder().decode(fromB64(payload)));
  } catch {
    return null; // Not to be read: the handshake says so in its own turn.
  }
  if (said?.t !== "refused" || said.code === LATE) return null;
  return alarm(state, call, "refused-by-other", typeof said.code === "string" ? said.code : null);
}
