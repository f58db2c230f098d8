/**
 * One page's part in a call as a pure state machine; `conductor.js` is its shell.
 *
 * `handle(state, given, now)` returns the next state and the effects to perform; `deadline(state)` is when to give it `{type: "time"}`.
 * Times are milliseconds of a clock that never goes back.
 *
 * The media of a call do not pass the server, so two things are kept apart: the line to the server (`lineUp`) and the connection to the
 * other person (`call.connected`). Each may fail alone, and `describe.js` says which.
 *
 * @import { CallGiven, CallEffect, CallPart, OneCall } from "./state-types.d.ts"
 * @import { CallState, FromServer, Negotiate, OngoingCall } from "../messages.d.ts"
 */
import { NOTHING_MUTED, end, gone, hangUp, outcomeWritten, overdue, saidOver } from "./state-end.js";
import { ofPeer, tellMedia } from "./state-media.js";
import { alarm, compared, mayTry, refused } from "./state-privacy.js";

/** How long a greeted server has to name the call that this page holds, before it counts as over. */
export const CONFIRM_MS = 6000;

/** @type {CallPart} */
export const NO_CALL = {
  lineUp: false,
  call: null,
  muted: NOTHING_MUTED,
  hungUp: [],
  unsaid: null,
  over: null,
  attested: false,
  tries: [],
  dueAt: null,
};

/**
 * @param {CallPart} state
 * @param {CallGiven} given
 * @param {number} now
 * @returns {[CallPart, CallEffect[]]}
 */
export function handle(state, given, now) {
  switch (given.type) {
    case "line-up":
      return lineUp(state, now);
    case "line-down":
      return [{ ...state, lineUp: false, dueAt: state.call?.goodbye ? state.dueAt : null }, []];
    case "message":
      return heard(state, given.message, now);
    case "peer":
      return state.call && given.attempt === state.call.attempt ? ofPeer(state, state.call, given, now) : [state, []];
    case "mute":
      return mute(state, given.muted);
    case "compared":
      return state.call ? compared(state, state.call, given.same) : [state, []];
    case "attested":
      // Both may have signed before the server has said that the call is over.
      return [(state.over ?? state.call)?.callId === given.callId ? { ...state, attested: true } : state, []];
    case "hang-up":
      return state.call ? hangUp(state, state.call) : [state, []];
    case "time":
      return state.dueAt !== null && now >= state.dueAt ? overdue({ ...state, dueAt: null }) : [state, []];
  }
}

/** When to give `{type: "time"}`, or null. @param {CallPart} state */
export function deadline(state) {
  return state.dueAt;
}

/** What the greeting says of the call that this page holds. @param {CallPart} state @returns {OngoingCall | null} */
export function ongoing(state) {
  const { call } = state;
  return call && { call_id: call.callId, attempt: call.attempt, connected: call.connected };
}

/** @param {CallPart} state @param {number} now @returns {[CallPart, CallEffect[]]} */
function lineUp(state, now) {
  /** @type {CallEffect[]} */
  const effects = [];
  if (state.unsaid) effects.push({ do: "send", message: state.unsaid });
  const next = { ...state, lineUp: true, unsaid: null };
  if (!state.call) return [next, effects];
  const [told, telling] = tellMedia(next, state.call);
  return [{ ...told, dueAt: state.dueAt ?? now + CONFIRM_MS }, [...effects, ...telling]];
}

/** @param {CallPart} state @param {FromServer} message @param {number} now @returns {[CallPart, CallEffect[]]} */
function heard(state, message, now) {
  const { call } = state;
  switch (message.type) {
    case "negotiate":
      return negotiate(state, message, now);
    case "offer":
    case "answer":
    case "candidate":
      if (message.call_id !== call?.callId || message.attempt !== call.attempt) return [state, []];
      return [state, [{ do: "to-peer", message }]];
    case "seal":
      if (message.call_id !== call?.callId || message.attempt !== call.attempt) return [state, []];
      return refused(state, call, message) ?? [state, [{ do: "to-peer", message }]];
    case "call-state":
      return message.call_id === call?.callId ? [callState(state, call, message), []] : [state, []];
    case "ended":
      if (message.call_id !== call?.callId) return [{ ...state, ...saidOver(state, message) }, []];
      return end(state, { callId: call.callId, audienceId: message.audience_id, because: message.because, waitsAgain: message.waits_again, code: null });
    case "concluded":
      return [{ ...state, ...outcomeWritten(state, message) }, []];
    case "problem":
      return call && message.code === "no-such-call" && message.about === "hello" ? gone(state) : [state, []];
    default:
      return [state, []];
  }
}

/** From nothing, dropping any earlier attempt. @param {CallPart} state @param {Negotiate} message @param {number} now @returns {[CallPart, CallEffect[]]} */
function negotiate(state, message, now) {
  const { call_id: callId, attempt } = message;
  if (state.hungUp.includes(callId)) {
    // The server had not yet heard that this end hung up.
    return state.lineUp ? [state, [{ do: "send", message: { type: "hang-up", call_id: callId } }]] : [{ ...state, unsaid: { type: "hang-up", call_id: callId } }, []];
  }
  const before = state.call?.callId === callId ? state.call : null;
  if (before && attempt <= before.attempt) return [{ ...state, dueAt: null }, []];
  /** @type {OneCall} */
  const call = {
    callId,
    attempt,
    audienceId: message.audience_id,
    reference: message.reference,
    other: message.other,
    connected: false,
    everConnected: before?.everConnected ?? false,
    lost: false,
    path: null,
    via: null,
    said: null,
    goodbye: false,
    otherMuted: { sound: false, picture: false },
    privacy: null,
    compared: before?.compared ?? null,
    quality: null,
    doubtful: false,
    server: before?.server ?? null,
  };
  const tries = mayTry(state.tries, message, now);
  if (!tries) return alarm({ ...state, call, tries: [] }, call, "too-many-tries", null);
  return [{ ...state, call, over: null, attested: false, tries, dueAt: null }, [{ do: "connect", negotiate: message, muted: state.muted }]];
}

/** @param {CallPart} state @param {OneCall} call @param {CallState} message @returns {CallPart} */
function callState(state, call, message) {
  const server = { phase: message.phase, office: message.office, citizen: message.citizen, since: message.since };
  return { ...state, call: { ...call, server }, dueAt: call.goodbye ? state.dueAt : null };
}

/** @param {CallPart} state @param {CallPart["muted"]} muted @returns {[CallPart, CallEffect[]]} */
function mute(state, muted) {
  if (muted.sound === state.muted.sound && muted.picture === state.muted.picture) return [state, []];
  return [{ ...state, muted }, [{ do: "apply-muted", muted }]];
}
