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

/** How long the server has to end a call whose other end said goodbye, before this end says it in its place. */
export const GOODBYE_MS = 3000;

/** How long a greeted server has to name the call that this page holds, before it counts as over. */
export const CONFIRM_MS = 6000;

/** @type {CallPart} */
export const NO_CALL = {
  lineUp: false,
  call: null,
  muted: { sound: false, picture: false },
  hungUp: [],
  unsaidHangUp: null,
  over: null,
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
      return heard(state, given.message);
    case "peer":
      return state.call && given.attempt === state.call.attempt ? ofPeer(state, state.call, given, now) : [state, []];
    case "mute":
      return mute(state, given.muted);
    case "hang-up":
      return state.call ? hangUp(state, state.call) : [state, []];
    case "time":
      return state.dueAt !== null && now >= state.dueAt ? overdue({ ...state, dueAt: null }) : [state, []];
    case "put-away":
      return [{ ...state, over: null }, []];
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
  if (state.unsaidHangUp) effects.push({ do: "send", message: { type: "hang-up", call_id: state.unsaidHangUp } });
  const next = { ...state, lineUp: true, unsaidHangUp: null };
  if (!state.call) return [next, effects];
  const [told, telling] = tellMedia(next, state.call);
  return [{ ...told, dueAt: state.dueAt ?? now + CONFIRM_MS }, [...effects, ...telling]];
}

/** @param {CallPart} state @param {FromServer} message @returns {[CallPart, CallEffect[]]} */
function heard(state, message) {
  const { call } = state;
  switch (message.type) {
    case "negotiate":
      return negotiate(state, message);
    case "offer":
    case "answer":
    case "candidate":
      if (message.call_id !== call?.callId || message.attempt !== call.attempt) return [state, []];
      return [state, [{ do: "to-peer", message }]];
    case "call-state":
      return message.call_id === call?.callId ? [callState(state, call, message), []] : [state, []];
    case "ended":
      if (message.call_id !== call?.callId) return [{ ...state, ...saidOver(state, message) }, []];
      return end(state, { callId: call.callId, audienceId: message.audience_id, because: message.because, waitsAgain: message.waits_again });
    case "problem":
      return call && message.code === "no-such-call" && message.about === "hello" ? gone(state) : [state, []];
    default:
      return [state, []];
  }
}

/** From nothing, dropping any earlier attempt. @param {CallPart} state @param {Negotiate} message @returns {[CallPart, CallEffect[]]} */
function negotiate(state, message) {
  const { call_id: callId, attempt } = message;
  if (state.hungUp.includes(callId)) {
    // The server had not yet heard that this end hung up.
    return [state, [{ do: "send", message: { type: "hang-up", call_id: callId } }]];
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
    said: null,
    goodbye: false,
    otherMuted: { sound: false, picture: false },
    server: before?.server ?? null,
  };
  return [{ ...state, call, over: null, dueAt: null }, [{ do: "connect", negotiate: message, muted: state.muted }]];
}

/** @param {CallPart} state @param {OneCall} call @param {CallState} message @returns {CallPart} */
function callState(state, call, message) {
  const server = { phase: message.phase, office: message.office, citizen: message.citizen, since: message.since };
  return { ...state, call: { ...call, server }, dueAt: call.goodbye ? state.dueAt : null };
}

/**
 * @param {CallPart} state
 * @param {OneCall} call
 * @param {Extract<CallGiven, {type: "peer"}>} given
 * @param {number} now
 * @returns {[CallPart, CallEffect[]]}
 */
function ofPeer(state, call, given, now) {
  const { event } = given;
  const ours = { call_id: call.callId, attempt: call.attempt };
  switch (event.type) {
    case "description": // Lost with the line: the server negotiates anew when the greeting says `connected: false`.
      return [state, state.lineUp ? [{ do: "send", message: { type: event.kind, ...ours, sdp: event.sdp } }] : []];
    case "candidate":
      return [state, state.lineUp ? [{ do: "send", message: { type: "candidate", ...ours, candidate: event.candidate } }] : []];
    case "connected":
      return tellMedia(state, { ...call, connected: true, everConnected: true, lost: false, path: event.path });
    case "lost":
      return tellMedia(state, { ...call, connected: false, lost: true });
    case "muted":
      return [{ ...state, call: { ...call, otherMuted: event.muted } }, []];
    case "goodbye":
      return [{ ...state, call: { ...call, connected: false, goodbye: true }, dueAt: now + GOODBYE_MS }, [{ do: "disconnect" }]];
  }
}

/**
 * Tells the server what this end truly has, once for each change. A loss once told stands, since the server answers it with a new attempt; a
 * connection that came back before its loss could be told was never lost.
 * @param {CallPart} state
 * @param {OneCall} call
 * @returns {[CallPart, CallEffect[]]}
 */
function tellMedia(state, call) {
  const now = call.connected ? "connected" : call.lost ? "lost" : null;
  if (!state.lineUp || !now || call.said === now || call.said === "lost" || call.goodbye) return [{ ...state, call }, []];
  const message = /** @type {const} */ ({ type: "media", call_id: call.callId, attempt: call.attempt, state: now, path: call.path });
  return [{ ...state, call: { ...call, said: now } }, [{ do: "send", message }]];
}

/** @param {CallPart} state @param {CallPart["muted"]} muted @returns {[CallPart, CallEffect[]]} */
function mute(state, muted) {
  if (muted.sound === state.muted.sound && muted.picture === state.muted.picture) return [state, []];
  return [{ ...state, muted }, [{ do: "apply-muted", muted }]];
}

/** @param {CallPart} state @param {OneCall} call @returns {[CallPart, CallEffect[]]} */
function hangUp(state, call) {
  /** @type {CallEffect[]} */
  const effects = [{ do: "goodbye" }];
  if (state.lineUp) effects.push({ do: "send", message: { type: "hang-up", call_id: call.callId } });
  const over = { callId: call.callId, audienceId: call.audienceId, because: /** @type {const} */ ("here"), waitsAgain: null };
  const hungUp = [...state.hungUp, call.callId].slice(-8);
  const [next, ending] = end({ ...state, hungUp, unsaidHangUp: state.lineUp ? null : call.callId }, over);
  return [next, [...effects, ...ending]];
}

/** @param {CallPart} state @returns {[CallPart, CallEffect[]]} */
function overdue(state) {
  const { call } = state;
  if (!call) return [state, []];
  if (!call.goodbye) return gone(state);
  const over = { callId: call.callId, audienceId: call.audienceId, because: /** @type {const} */ ("other-left"), waitsAgain: null };
  const [next, effects] = end({ ...state, unsaidHangUp: state.lineUp ? null : call.callId }, over);
  if (state.lineUp) effects.unshift({ do: "send", message: { type: "hang-up", call_id: call.callId } });
  return [next, effects];
}

/** The server knows nothing of the call: it ended while the line was away. @param {CallPart} state @returns {[CallPart, CallEffect[]]} */
function gone(state) {
  const { call } = state;
  return call ? end(state, { callId: call.callId, audienceId: call.audienceId, because: "unknown", waitsAgain: null }) : [state, []];
}

/** @param {CallPart} state @param {NonNullable<CallPart["over"]>} over @returns {[CallPart, CallEffect[]]} */
function end(state, over) {
  // The next call begins with sound and picture: muting was meant for this conversation.
  const { muted } = NO_CALL;
  return [{ ...state, call: null, over, muted, dueAt: null }, [{ do: "disconnect" }, { do: "release" }, { do: "apply-muted", muted }]];
}

/** The server's word on a call that is over here already. @param {CallPart} state @param {Extract<FromServer, {type: "ended"}>} message */
function saidOver(state, message) {
  if (state.over?.callId !== message.call_id) return {};
  return { over: { ...state.over, because: message.because, waitsAgain: message.waits_again } };
}
