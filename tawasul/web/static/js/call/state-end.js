/**
 * The part of `state.js` that ends a call: by this person, by the other, by the server, or because nobody knows it any more. Pure.
 *
 * @import { CallEffect, CallPart, MutedParts, OneCall } from "./state-types.d.ts"
 * @import { FromServer } from "../messages.d.ts"
 */

/** @type {MutedParts} */
export const NOTHING_MUTED = { sound: false, picture: false };

/** @param {CallPart} state @param {OneCall} call @returns {[CallPart, CallEffect[]]} */
export function hangUp(state, call) {
  /** @type {CallEffect[]} */
  const effects = [{ do: "goodbye" }];
  if (state.lineUp) effects.push({ do: "send", message: { type: "hang-up", call_id: call.callId } });
  const over = { callId: call.callId, audienceId: call.audienceId, because: /** @type {const} */ ("here"), waitsAgain: null, code: null };
  const hungUp = [...state.hungUp, call.callId].slice(-8);
  const [next, ending] = end({ ...state, hungUp, unsaid: state.lineUp ? null : { type: "hang-up", call_id: call.callId } }, over);
  return [next, [...effects, ...ending]];
}

/** @param {CallPart} state @returns {[CallPart, CallEffect[]]} */
export function overdue(state) {
  const { call } = state;
  if (!call) return [state, []];
  if (!call.goodbye) return gone(state);
  const over = { callId: call.callId, audienceId: call.audienceId, because: /** @type {const} */ ("other-left"), waitsAgain: null, code: null };
  const [next, effects] = end({ ...state, unsaid: state.lineUp ? null : { type: "hang-up", call_id: call.callId } }, over);
  if (state.lineUp) effects.unshift({ do: "send", message: { type: "hang-up", call_id: call.callId } });
  return [next, effects];
}

/** The server knows nothing of the call: it ended while the line was away. @param {CallPart} state @returns {[CallPart, CallEffect[]]} */
export function gone(state) {
  const { call } = state;
  return call ? end(state, { callId: call.callId, audienceId: call.audienceId, because: "unknown", waitsAgain: null, code: null }) : [state, []];
}

/** @param {CallPart} state @param {NonNullable<CallPart["over"]>} over @returns {[CallPart, CallEffect[]]} */
export function end(state, over) {
  // The next call begins with sound and picture: muting was meant for this conversation.
  const muted = NOTHING_MUTED;
  const attests = over.because !== "not-private";
  return [{ ...state, call: null, over, muted, dueAt: null }, [{ do: "disconnect", attests }, { do: "release" }, { do: "apply-muted", muted }]];
}

/** The outcome of a call that is over is written: nothing is left to do for it. @param {CallPart} state @param {Extract<FromServer, {type: "concluded"}>} message */
export function outcomeWritten(state, message) {
  if (state.over?.audienceId !== message.audience_id) return {};
  return { over: { ...state.over, because: /** @type {const} */ ("concluded"), waitsAgain: false } };
}

/** The server's word on a call that is over here already. @param {CallPart} state @param {Extract<FromServer, {type: "ended"}>} message */
export function saidOver(state, message) {
  if (state.over?.callId !== message.call_id) return {};
  // What this end proved is not unsaid by the server.
  const because = state.over.because === "not-private" ? state.over.because : message.because;
  return { over: { ...state.over, because, waitsAgain: message.waits_again } };
}
