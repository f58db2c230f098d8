/**
 * The part of `state.js` that hears the connection to the other person: what is passed on, and what the server is told. Pure.
 *
 * @import { CallGiven, CallEffect, CallPart, OneCall } from "./state-types.d.ts"
 */

import { alarm, withoutHonest } from "./state-privacy.js";

/** How long the server has to end a call whose other end said goodbye, before this end says it in its place. */
export const GOODBYE_MS = 3000;

/**
 * @param {CallPart} state
 * @param {OneCall} call
 * @param {Extract<CallGiven, {type: "peer"}>} given
 * @param {number} now
 * @returns {[CallPart, CallEffect[]]}
 */
export function ofPeer(state, call, given, now) {
  const { event } = given;
  const ours = { call_id: call.callId, attempt: call.attempt };
  switch (event.type) {
    case "description": // Lost with the line: the server negotiates anew when the greeting says `connected: false`.
      return [state, state.lineUp ? [{ do: "send", message: { type: event.kind, ...ours, sdp: event.sdp } }] : []];
    case "candidate":
      return [state, state.lineUp ? [{ do: "send", message: { type: "candidate", ...ours, candidate: event.candidate } }] : []];
    case "seal":
      return [state, state.lineUp ? [{ do: "send", message: { type: "seal", ...ours, payload: event.payload } }] : []];
    case "confirmed":
      return [{ ...state, tries: withoutHonest(state.tries, call, event.privacy), call: { ...call, privacy: event.privacy } }, []];
    case "doubtful":
      return [{ ...state, call: { ...call, doubtful: true } }, []];
    case "alarm":
      return alarm(state, call, event.code, event.reason);
    case "connected":
      // Pictures that nobody confirmed are nobody's: the guard lets none through, and here none would count.
      if (!call.privacy) return [state, []];
      return tellMedia(state, { ...call, connected: true, everConnected: true, lost: false, path: event.path, via: event.via });
    case "quality":
      return [{ ...state, call: { ...call, quality: event.quality } }, []];
    case "lost":
      return tellMedia(state, { ...call, connected: false, lost: true, quality: null });
    case "muted":
      return [{ ...state, call: { ...call, otherMuted: event.muted } }, []];
    case "goodbye":
      return [{ ...state, call: { ...call, connected: false, goodbye: true }, dueAt: now + GOODBYE_MS }, [{ do: "disconnect", attests: true }]];
  }
}

/**
 * Tells the server what this end truly has, once for each change. A loss once told stands, since the server answers it with a new attempt; a
 * connection that came back before its loss could be told was never lost.
 * @param {CallPart} state
 * @param {OneCall} call
 * @returns {[CallPart, CallEffect[]]}
 */
export function tellMedia(state, call) {
  const now = call.connected ? "connected" : call.lost ? "lost" : null;
  if (!state.lineUp || !now || call.said === now || call.said === "lost" || call.goodbye) return [{ ...state, call }, []];
  const message = /** @type {const} */ ({ type: "media", call_id: call.callId, attempt: call.attempt, state: now, path: call.path, via: call.via });
  return [{ ...state, call: { ...call, said: now } }, [{ do: "send", message }]];
}
