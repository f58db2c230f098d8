/**
 * What is true of a call, for people: one standing and the words for it. Pure; the same on both ends.
 *
 * @import { CallPart, Over } from "./state-types.d.ts"
 * @typedef {object} Description
 * @property {"none" | "connecting" | "in-call" | "reconnecting" | "over"} standing
 * @property {string | null} word the sentence that says it (an id of the catalogue)
 * @property {string | null} note a second truth beside it, such as a line being restored
 */

/** @param {CallPart} state @param {"office" | "citizen"} end which end this page is @returns {Description} */
export function describe(state, end) {
  const { call, over, lineUp } = state;
  if (!call) return { standing: over ? "over" : "none", word: over && overWord(over, end), note: null };
  if (call.goodbye) return { standing: "over", word: otherLeft(end), note: null };
  const note = lineUp ? otherNote(state, end) : "call-note-line-restoring";
  if (!call.connected) {
    return call.everConnected
      ? { standing: "reconnecting", word: "call-reconnecting", note: lineUp ? null : note }
      : { standing: "connecting", word: "call-connecting", note: lineUp ? null : note };
  }
  // With the line away, what is decoded here is all that is known, and the conversation does go on.
  if (!lineUp || call.server?.phase === "in-call") return { standing: "in-call", word: "call-in-call", note };
  return call.server?.phase === "reconnecting"
    ? { standing: "reconnecting", word: "call-other-reconnecting", note: null }
    : { standing: "connecting", word: "call-other-connecting", note: null };
}

/** @param {CallPart} state @param {"office" | "citizen"} end */
function otherNote({ call }, end) {
  const other = end === "office" ? call?.server?.citizen : call?.server?.office;
  return other && !other.online ? "call-note-other-line" : null;
}

/** @param {"office" | "citizen"} end */
function otherLeft(end) {
  return end === "office" ? "call-over-citizen-hung-up" : "call-over-office-hung-up";
}

/** @param {Over} over @param {"office" | "citizen"} end @returns {string} */
function overWord(over, end) {
  switch (over.because) {
    case "here":
      return "call-over-here";
    case "office-hung-up":
      return end === "office" ? "call-over-here" : "call-over-office-hung-up";
    case "citizen-hung-up":
      return end === "citizen" ? "call-over-here" : "call-over-citizen-hung-up";
    case "other-left":
      return otherLeft(end);
    case "concluded":
      return "call-over-concluded";
    case "no-answer":
      return end === "office" ? "call-over-no-answer" : "call-over-no-answer-here";
    case "taken-back":
      return end === "office" ? "call-over-taken-back" : "call-over-taken-back-here";
    case "lost":
      return end === "office" ? "call-over-lost" : "call-over-lost-here";
    case "unknown":
      return "call-over-unknown";
  }
}
