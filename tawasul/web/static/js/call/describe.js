/**
 * What is true of a call, for people: one standing and the words for it. Pure; the same on both ends.
 *
 * @import { CallPart, Over } from "./state-types.d.ts"
 * @typedef {"office" | "citizen"} End
 * @typedef {object} Description
 * @property {"none" | "connecting" | "in-call" | "reconnecting" | "over"} standing
 * @property {string} title the sentence that says it (an id of the catalogue)
 * @property {string} text what follows from it, what to do, or that nothing has to be done (an id)
 * @property {string | null} note a second truth beside a call that goes on, such as a line being restored (an id)
 */

/** @param {CallPart} state @param {End} end which end this page is @returns {Description} */
export function describe(state, end) {
  const { call, over, lineUp } = state;
  if (!call) return over ? { standing: "over", note: null, ...ended(over, end) } : nothing(end);
  if (call.goodbye) return { standing: "over", note: null, ...ended({ ...NO_MORE, callId: call.callId, audienceId: call.audienceId }, end) };
  const note = lineUp ? otherLine(state, end) : "call-note-line";
  if (!call.connected) return call.everConnected ? again(note) : first(end, note);
  // With the line away, what is decoded here is all that is known, and the conversation does go on.
  const phase = lineUp ? call.server?.phase : "in-call";
  if (phase === "in-call") return { standing: "in-call", title: "call-in-call", text: "call-in-call-text", note };
  if (phase === "reconnecting") return { ...again(note), title: "call-other-again", text: "call-again-text" };
  return { ...first(end, note), title: "call-other-first", text: "call-other-first-text" };
}

/** @type {Pick<Over, "because" | "waitsAgain" | "code">} */
const NO_MORE = { because: "other-left", waitsAgain: null, code: null };

/** @param {End} end @returns {Description} */
function nothing(end) {
  return end === "office"
    ? { standing: "none", title: "stage-idle-title-office", text: "stage-idle-text-office", note: null }
    : { standing: "none", title: "stage-idle-title-citizen", text: "stage-idle-text-citizen", note: null };
}

/** @param {End} end @param {string | null} note @returns {Description} */
function first(end, note) {
  return end === "office"
    ? { standing: "connecting", title: "call-first-office", text: "call-first-office-text", note }
    : { standing: "connecting", title: "stage-idle-title-citizen", text: "stage-idle-text-citizen", note };
}

/** @param {string | null} note @returns {Description} */
function again(note) {
  return { standing: "reconnecting", title: "call-again", text: "call-again-text", note };
}

/** @param {CallPart} state @param {End} end */
function otherLine({ call }, end) {
  const other = end === "office" ? call?.server?.citizen : call?.server?.office;
  return other && !other.online && call?.connected ? "call-note-other-line" : null;
}

/** @param {Over} over @param {End} end @returns {{title: string, text: string}} */
function ended({ because, waitsAgain }, end) {
  const isOffice = end === "office";
  const left = isOffice ? "call-over-citizen" : "call-over-office";
  /** @type {Record<Over["because"], string>} */
  const titles = {
    here: "call-over-here",
    "office-hung-up": isOffice ? "call-over-here" : left,
    "citizen-hung-up": isOffice ? left : "call-over-here",
    "other-left": left,
    concluded: "call-over-concluded",
    "no-answer": "call-over-no-answer",
    "taken-back": "call-over-taken-back",
    "not-private": "call-over-not-private",
    lost: "call-over-lost",
    unknown: "call-over-unknown",
  };
  return { title: titles[because], text: because === "concluded" && isOffice ? "stage-idle-text-office" : afterwards(waitsAgain, isOffice) };
}

/** @param {boolean | null} waitsAgain @param {boolean} isOffice */
function afterwards(waitsAgain, isOffice) {
  if (waitsAgain) return isOffice ? "call-waits-again-office" : "call-waits-again";
  return isOffice ? "call-outcome-next-office" : "call-outcome-next";
}
