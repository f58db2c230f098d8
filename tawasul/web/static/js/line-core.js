/**
 * The line to the service as a pure state machine: greeting, pulse, closing. `line.js` is its shell.
 *
 * `handle(state, given, now)` returns the next state and the effects to perform; `deadline(state)` is when to give it `{type: "time"}`.
 * Times are milliseconds of a clock that never goes back.
 *
 * @import { BothNames, FromEndpoint, FromServer, OngoingCall } from "./messages.d.ts"
 * @typedef {"connecting" | "up" | "down" | "stopped"} Standing
 *   `up` only after the server's welcome; `down` is being restored by itself; `stopped` stays so until the person acts
 * @typedef {object} LineState
 * @property {Standing} standing
 * @property {number | null} heardAt when anything was last heard, while a socket is open
 * @property {Reason | null} why what stopped the line
 * @property {Reason | null} lastProblem the last problem that the server told on this socket
 * @typedef {{code: string, text: BothNames | null}} Reason a problem's code, and the server's words for it if it said any
 * @typedef {{type: "opened", call: OngoingCall | null} | {type: "heard", message: FromServer}
 *   | {type: "closed", code: number, reason: string} | {type: "time"} | {type: "use-here"} | {type: "network-back"}} LineGiven
 * @typedef {{do: "send", message: FromEndpoint} | {do: "deliver", message: FromServer} | {do: "make-anew"} | {do: "tell"}} LineEffect
 */

export const PROTOCOL_VERSION = 1;

/** Two pulses of ten seconds and half a one more: a slow network is not yet a dead one. */
export const SILENCE_MS = 25_000;

/** @type {LineState} */
export const NEW_LINE = { standing: "connecting", heardAt: null, why: null, lastProblem: null };

/** Close codes of 4400 and above end the line for good, but for these two (too slow a greeting, too many messages). */
const TRY_AGAIN = new Set([4408, 4429]);

/** @type {Record<number, string>} What a close code says when no problem was told before. */
const CODE_OF_CLOSE = { 4400: "protocol-version", 4401: "not-signed-in", 4403: "link-not-valid", 4409: "replaced" };

/** Whether a line closed with `code` may be made anew without being asked. @param {number} code */
export function mayReturn(code) {
  return code < 4400 || TRY_AGAIN.has(code);
}

/**
 * @param {LineState} state
 * @param {LineGiven} given
 * @param {number} now
 * @returns {[LineState, LineEffect[]]}
 */
export function handle(state, given, now) {
  switch (given.type) {
    case "opened":
      return [
        { ...state, heardAt: now, lastProblem: null },
        [{ do: "send", message: { type: "hello", protocol: PROTOCOL_VERSION, call: given.call } }],
      ];
    case "heard":
      return heard({ ...state, heardAt: now }, given.message);
    case "closed":
      return closed(state, given.code);
    case "time":
      return silent(state, now) ? [{ ...state, standing: "down", heardAt: null }, anew(state)] : [state, []];
    case "network-back":
      return state.standing === "down" || state.standing === "connecting" ? [state, [{ do: "make-anew" }]] : [state, []];
    case "use-here":
      return [{ ...NEW_LINE }, [{ do: "make-anew" }, { do: "tell" }]];
  }
}

/** When to look again, in milliseconds of the same clock; null when nothing is awaited. @param {LineState} state */
export function deadline(state) {
  return state.heardAt === null ? null : state.heardAt + SILENCE_MS;
}

/** @param {LineState} state @param {FromServer} message @returns {[LineState, LineEffect[]]} */
function heard(state, message) {
  /** @type {LineEffect} */
  const deliver = { do: "deliver", message };
  if (message.type === "welcome") return [{ ...state, standing: "up", why: null }, [{ do: "tell" }, deliver]];
  if (message.type === "problem") {
    const { code, arabic, english } = message;
    return [{ ...state, lastProblem: { code, text: { arabic, english } } }, [deliver]];
  }
  return [state, [deliver]];
}

/** @param {LineState} state @param {number} code @returns {[LineState, LineEffect[]]} */
function closed(state, code) {
  if (mayReturn(code)) {
    if (state.standing === "down" || state.standing === "stopped") return [{ ...state, heardAt: null }, []];
    return [{ ...state, standing: "down", heardAt: null }, [{ do: "tell" }]];
  }
  const why = state.lastProblem ?? { code: CODE_OF_CLOSE[code] ?? "internal", text: null };
  return [{ ...state, standing: "stopped", heardAt: null, why }, [{ do: "tell" }]];
}

/** @param {LineState} state @param {number} now */
function silent(state, now) {
  return state.heardAt !== null && now - state.heardAt >= SILENCE_MS;
}

/** @param {LineState} state @returns {LineEffect[]} */
function anew(state) {
  return state.standing === "down" ? [{ do: "make-anew" }] : [{ do: "tell" }, { do: "make-anew" }];
}
